import ipaddr from "ipaddr.js";
import type { Literals } from "./literals";

/** IP addresses in texts: found whole, and compared with a network, however they are written. */

/** Addresses of which those that are looked for begin with the same bits. */
export interface Network {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  /** How many bits. */
  readonly bits: number;
}

/** `198.51.100.19`, `10.0.0.0/8`, `2001:db8::1` or `2001:db8::/32`; undefined for any other text. */
export function parseNetwork(text: string): Network | undefined {
  const [written = "", prefix, ...more] = text.trim().split("/");
  const isAddress =
    ipaddr.IPv4.isValidFourPartDecimal(written) || (written.includes(":") && ipaddr.IPv6.isValid(written));
  if (!isAddress || more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const address = ipaddr.parse(written);
  const whole = address.toByteArray().length * 8;
  const bits = prefix === undefined ? whole : Number(prefix);
  if (bits > whole) return undefined;
  const isVersion4 = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
  return isVersion4 ? { address: address.toIPv4Address(), bits: bits - 96 } : { address, bits };
}

/** Whether a text was meant for an address or a network, and is none: `198.51.100.300`, `10.0.0.0/40`, `2001:db8::/129`. */
export function isMistypedNetwork(text: string): boolean {
  const [written = "", prefix] = text.trim().split(/\/(?=\d+$)/);
  const isMeant =
    /^\d{1,3}(\.\d{1,3}){3}$/.test(written) || (prefix !== undefined && parseNetwork(written) !== undefined);
  return isMeant && parseNetwork(text) === undefined;
}

/** What may stand in an address of IPv4, and what it does not begin or end next to: it would be a part of something longer. */
const ofVersion4 = /(?<![\d]|\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g;
/** Of IPv6, also with its end in the form of IPv4. What is none is found too, such as a time of day. */
const ofVersion6 = /(?<![0-9a-f:])[0-9a-f]*(?::[0-9a-f]*){2,}(?:(?:\.\d{1,3}){3})?/gi;

/** How every address of IPv4 looks that is written as one of IPv6. */
const mapped = /ffff:/i;

/** Whether a text holds, as a whole word, an address of a network. One of IPv4 may be written as one of IPv6. */
export function holdsAddressOf({ address, bits }: Network, text: string): boolean {
  if (address instanceof ipaddr.IPv4) {
    for (const [found] of text.matchAll(ofVersion4))
      if (ipaddr.IPv4.isValidFourPartDecimal(found) && ipaddr.IPv4.parse(found).match(address, bits)) return true;
    // What remains looks like times of day, of which every line of a log may have one.
    if (!mapped.test(text)) return false;
  }
  for (const { 0: found, index } of text.matchAll(ofVersion6)) {
    const candidate = version6(found, /\w/.test(text[index - 1] ?? ""));
    if (!candidate) continue;
    if (address instanceof ipaddr.IPv6 && candidate.match(address, bits)) return true;
    if (!(address instanceof ipaddr.IPv4) || !candidate.isIPv4MappedAddress()) continue;
    if (candidate.toIPv4Address().match(address, bits)) return true;
  }
  return false;
}

/**
 * A colon before or after an address belongs to the text around it.
 * @param isInWord what is before the first colon is the end of a word, as in `src:2001:db8::1`
 */
function version6(found: string, isInWord: boolean): ipaddr.IPv6 | undefined {
  const whole = isInWord ? found.replace(/^[^:]*/, "") : found;
  for (const text of [whole, whole.replace(/^:(?!:)/, "").replace(/(?<!:):$/, "")])
    if (ipaddr.IPv6.isValid(text)) return ipaddr.IPv6.parse(text);
  return undefined;
}

/** What every text holds that holds an address of a network, as far as that is the same in all ways to write it. */
export function literalsOfNetwork({ address, bits }: Network): Literals {
  if (address instanceof ipaddr.IPv6) {
    const [first = 0] = address.parts;
    return bits >= 16 && first > 0 ? [[{ text: `${first.toString(16)}:`, ignoreCase: true }]] : [];
  }
  const same = address.octets.slice(0, Math.floor(bits / 8));
  if (same.length === 0) return [];
  // As one of IPv6 it may also be written in hexadecimal digits.
  return [
    [{ text: `${same.join(".")}${same.length < 4 ? "." : ""}`, ignoreCase: false }],
    [{ text: "ffff:", ignoreCase: true }],
  ];
}
