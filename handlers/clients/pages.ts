/** An answer of which there may be more. */
interface Page {
  readonly NextToken?: string | undefined;
}

/** Every page of an answer. A page may be empty and still carry a token: only a missing token ends the list. */
export async function* pages<P extends Page>(
  ask: (next: { readonly NextToken?: string }) => Promise<P>,
): AsyncGenerator<P> {
  let token: string | undefined;
  do {
    const page = await ask(token === undefined ? {} : { NextToken: token });
    yield page;
    token = page.NextToken;
  } while (token);
}
