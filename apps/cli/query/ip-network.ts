import { InvalidArgumentError } from "commander";
import { type Network, parseNetwork } from "../../query/addresses";

/** An IP address, or a network of them, as an option gives it. */
export interface IpNetwork {
  readonly text: string;
  readonly network: Network;
}

/** @throws {InvalidArgumentError} naming what is allowed. */
export function parseIpNetwork(text: string): IpNetwork {
  const network = parseNetwork(text);
  if (network) return { text, network };
  throw new InvalidArgumentError(
    "It must be an IP address or a network, such as 198.51.100.19, 10.0.0.0/8, 2001:db8::1 or 2001:db8::/32.",
  );
}
