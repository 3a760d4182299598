import { oneLine, privateAddress, publicAddress } from "./content";

/** Version 2 records. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
export const flowLogRecord = oneLine((random, at, { account }) => {
  const end = Math.floor(at / 1000);
  const start = end - random.int(10, 60);
  const networkInterface = `eni-0${random.hex(16)}`;
  if (random.chance(2)) return `2 ${account} ${networkInterface} - - - - - - - ${start} ${end} - NODATA`;
  const outbound = random.chance(50);
  const [inside, outside] = [privateAddress(random), publicAddress(random)];
  const [service, client] = [random.pick([22, 53, 80, 443, 3306, 5432, 8443]), random.int(32_768, 60_999)];
  const addresses = outbound
    ? `${inside} ${outside} ${client} ${service}`
    : `${outside} ${inside} ${client} ${service}`;
  const packets = random.int(1, 400);
  const action = !outbound && service === 22 ? "REJECT" : "ACCEPT";
  return `2 ${account} ${networkInterface} ${addresses} ${service === 53 ? 17 : 6} ${packets} ${packets * random.int(40, 1_500)} ${start} ${end} ${action} OK`;
});
