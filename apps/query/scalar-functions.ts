import { BOOLEAN, type DuckDBScalarFunction, VARCHAR } from "@duckdb/node-api";
import { holdsAddressOf, type Network, parseNetwork } from "./addresses";
import { InvalidQuery } from "./invalid-query";
import { textFunction } from "./scalar-function";

/**
 * Functions that SQL has here beside DuckDB's:
 * `ip_in(text, network)`: whether a text holds, whole, an IP address of a network, or the address itself;
 * `account_name(id)`: what the newest run that saw an account called it.
 * @param nameOf asked when a name is wanted, and not before
 */
export function scalarFunctions(
  nameOf: (account: string) => string | undefined,
  failed: (error: unknown) => void,
): DuckDBScalarFunction[] {
  const networks = new Map<string, Network>();
  const networkOf = (text: string): Network => {
    const network = networks.get(text) ?? parseNetwork(text);
    if (!network)
      throw new InvalidQuery(`${text} is neither an IP address nor a network, such as 10.0.0.0/8 or 2001:db8::/32.`);
    networks.set(text, network);
    return network;
  };
  return [
    textFunction("ip_in", 2, BOOLEAN, (text, network) => holdsAddressOf(networkOf(network), text), failed),
    textFunction("account_name", 1, VARCHAR, (account) => nameOf(account) ?? null, failed),
  ];
}
