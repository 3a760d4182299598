import ipaddr from "ipaddr.js";
import { holdsAddressOf, literalsOfNetwork, parseNetwork } from "../../apps/query/addresses";
import { conjuncts } from "../../apps/query/conditions";
import { literalSearch } from "../../apps/query/literals";
import { account } from "../handlers/support/examples";
import { archiveFolder, ask, removeFolders } from "./support/archive-folder";
import { archiveOfTexts } from "./support/texts";

afterAll(removeFolders);

function network(text: string) {
  const found = parseNetwork(text);
  if (!found) throw new Error(`${text} is no network`);
  return found;
}

const held: readonly (readonly [asked: string, texts: readonly string[]])[] = [
  [
    "198.51.100.19",
    [
      "198.51.100.19",
      "from 198.51.100.19.",
      "198.51.100.19:443",
      "[198.51.100.19/32]",
      "ip=198.51.100.19,x",
      '"198.51.100.19"',
      "::ffff:198.51.100.19",
      "0:0:0:0:0:FFFF:c633:6413",
      "12:00:01 198.51.100.19",
    ],
  ],
  ["10.0.0.0/8", ["2 1 eni-1 10.255.0.1 8.8.8.8 1", "x 10.0.0.0 y"]],
  ["192.0.2.64/26", ["192.0.2.64", "192.0.2.127 "]],
  ["0.0.0.0/0", ["at 8.8.8.8"]],
  [
    "2001:db8::1",
    [
      "2001:db8::1",
      "2001:0DB8:0:0:0:0:0:1",
      "src:2001:db8::1: refused",
      "[2001:db8::1]:443",
      "fe 2001:db8::1%eth0",
      "x=2001:db8::0.0.0.1",
    ],
  ],
  ["2001:db8::/32", ["2001:db8:ffff::2", "to 2001:db8::"]],
  ["::ffff:198.51.100.0/120", ["198.51.100.7"]],
];
const notHeld: readonly (readonly [asked: string, texts: readonly string[]])[] = [
  [
    "198.51.100.19",
    [
      "198.51.100.190",
      "198.51.100.1",
      "1198.51.100.19",
      "3.198.51.100.19",
      "198.51.100.19.4",
      "ec2-198-51-100-19",
      "198.51.100",
      "198.051.100.19",
      "",
    ],
  ],
  ["10.0.0.0/8", ["110.0.0.1", "11.0.0.1", "1.10.0.0.1", "version 10.1.2", "10.1.2.256", "no address"]],
  ["192.0.2.64/26", ["192.0.2.63", "192.0.2.128"]],
  [
    "2001:db8::1",
    ["2001:db8::11", "2001:db8::1:0", "12:34:56", "aa:bb:cc:dd:ee:ff", "::", "2001:db8:::1", "2001:db8::1.2.3.4"],
  ],
  ["2001:db8::/32", ["2001:db9::1", "3ffe::1"]],
];
const cases = [
  ...held.flatMap(([asked, texts]) => texts.map((text) => [asked, text, true] as const)),
  ...notHeld.flatMap(([asked, texts]) => texts.map((text) => [asked, text, false] as const)),
];

test.each(cases)("whether %s is in %j as a whole address: %j", (asked, text, isIn) => {
  expect(holdsAddressOf(network(asked), text)).toBe(isIn);
});

test("times of day are not tried as addresses of IPv6 where one of IPv4 is looked for", () => {
  const asked = network("198.51.100.19");
  const tried = jest.spyOn(ipaddr.IPv6, "isValid");
  expect(holdsAddressOf(asked, "12:00:01 to 12:00:02 from 198.51.100.190")).toBe(false);
  expect(tried).not.toHaveBeenCalled();
  tried.mockRestore();
});

test("what is looked for in an object's bytes is in every text that holds the address", () => {
  for (const [asked, texts] of held) {
    const search = literalSearch(literalsOfNetwork(network(asked)));
    for (const text of texts) expect(`${asked} ${text} ${search?.isIn(Buffer.from(text)) ?? true}`).toMatch(/true$/);
  }
  for (const asked of ["198.51.100.19", "10.0.0.0/8", "2001:db8::/32"])
    expect(literalSearch(literalsOfNetwork(network(asked)))?.isIn(Buffer.from("nothing of the kind"))).toBe(false);
});

test.each([
  "",
  "10.0.0",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/8/8",
  "::/129",
  "300.1.1.1",
  "example.com",
  "1",
  "12:34:56",
])("%j is neither an address nor a network", (text) => {
  expect(parseNetwork(text)).toBeUndefined();
});

test("ip_in of messages says what to look for in an object's bytes; of another column, or of what is no network, nothing", () => {
  const call = (column: string, value: string) => ({
    ...{ class: "FUNCTION", type: "FUNCTION", function_name: "ip_in" },
    children: [
      { class: "COLUMN_REF", type: "COLUMN_REF", column_names: [column] },
      { class: "CONSTANT", type: "VALUE_CONSTANT", value: { type: { id: "VARCHAR" }, value } },
    ],
  });
  expect(conjuncts(call("message", "10.0.0.0/8"))).toMatchObject([
    { column: "message", anyOf: [[{ contains: { text: "10." } }], [{ contains: { text: "ffff:" } }]] },
  ]);
  for (const [column, value] of [
    ["srcaddr", "10.0.0.0/8"],
    ["message", "ten"],
    ["message", "0.0.0.0/0"],
  ] as const)
    expect(conjuncts(call(column, value))).toEqual([]);
});

test("SQL asks for addresses by ip_in, also of other columns and networks that are no literals", async () => {
  const messages = ["a 10.1.2.3", "b 110.1.2.3", "c 2001:db8::7"];
  const text = messages.map((message) => `2026-11-19T11:42:00.000Z ${message}\n`).join("");
  const folder = archiveFolder(archiveOfTexts([text]));
  const found = async (sql: string) => (await ask(folder, sql)).rows.map((row) => Object.values(row)[0]);
  expect(await found("SELECT message FROM events WHERE ip_in(message, '10.0.0.0/8')")).toEqual(["a 10.1.2.3"]);
  expect(await found("SELECT message FROM events WHERE NOT ip_in(message, '10.0.0.0/8')")).toHaveLength(2);
  expect(
    await found(
      "SELECT message FROM events, (VALUES ('2001:db8::/32'), ('10.1.2.3/32')) AS n (net) WHERE ip_in(message, net) ORDER BY 1",
    ),
  ).toEqual(["a 10.1.2.3", "c 2001:db8::7"]);
  expect(await found(`SELECT ip_in(NULL, '10.0.0.0/8') FROM receipts WHERE account = '${account}'`)).toEqual([null]);
  await expect(found("SELECT ip_in(message, 'ten') FROM events")).rejects.toThrow("ten is neither an IP address");
});
