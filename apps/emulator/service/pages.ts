import { z } from "zod";

/** A page of a list, and the token of the next. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

export interface PageRequest<T> {
  readonly items: readonly T[];
  /** Names an item: the token remembers the last one, so that new items do not shift the pages. */
  readonly key: (item: T) => string;
  readonly limit: number;
  readonly token: string | undefined;
}

const Token = z.object({ after: z.string(), position: z.number().int().positive(), empty: z.boolean() });

/** The token was not made by this list. */
export class InvalidToken extends Error {
  override readonly name = "InvalidToken";
}

/**
 * One page. A list of more than one page has an empty one after its first, with a token: AWS answers such pages,
 * and a client that stops at one loses the rest.
 */
export function page<T>({ items, key, limit, token }: PageRequest<T>): Page<T> {
  const from = token === undefined ? undefined : decode(token);
  if (from?.empty) return { items: [], nextToken: encode({ ...from, empty: false }) };
  const found = from === undefined ? -1 : items.findIndex((item) => key(item) === from.after);
  // If the last item is gone, the next one has moved to its place.
  const start = from === undefined ? 0 : found === -1 ? from.position - 1 : found + 1;
  const chosen = items.slice(start, start + limit);
  const last = chosen.at(-1);
  const more = start + limit < items.length && last !== undefined;
  return {
    items: chosen,
    nextToken: more ? encode({ after: key(last), position: start + limit, empty: start === 0 }) : undefined,
  };
}

function encode(token: z.infer<typeof Token>): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function decode(token: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch (cause) {
    throw new InvalidToken("The specified nextToken is invalid.", { cause });
  }
}
