import type { ArchiveStore } from "../../../handlers/archive/store";

/** A store's call, and where it goes. */
export interface StoreCall {
  /** From 1. */
  readonly number: number;
  readonly operation: "entries" | "list" | "putOnce" | "read" | "stream";
  /** Or prefix. */
  readonly key: string;
}

/** Makes a call of a store, or does something else before, after, or instead. */
export type Around = <T>(call: StoreCall, make: () => Promise<T>) => Promise<T>;

/** A store to whose every call something may happen. Its listings are taken at once, as a page of S3's is. */
export function disturbed(store: ArchiveStore, around: Around): ArchiveStore {
  let number = 0;
  const through = <T>(operation: StoreCall["operation"], key: string, make: () => Promise<T>): Promise<T> => {
    number += 1;
    return around({ number, operation, key }, make);
  };
  return {
    bucket: store.bucket,
    entries: (prefix) => through("entries", prefix, () => store.entries(prefix)),
    read: (key) => through("read", key, () => store.read(key)),
    stream: (key) => through("stream", key, () => store.stream(key)),
    putOnce: (key, body, type) => through("putOnce", key, () => store.putOnce(key, body, type)),
    async *list(prefix) {
      yield* await through("list", prefix, async () => {
        const objects = [];
        for await (const object of store.list(prefix)) objects.push(object);
        return objects;
      });
    },
  };
}

/** What a process dies of, in place of an end of everything: nothing treats it in any way. */
export class Death extends Error {
  override readonly name = "Death";
}

/** Every call that a function makes to a store, in order, when nothing happens. */
export async function callsOf(
  store: ArchiveStore,
  act: (store: ArchiveStore) => Promise<unknown>,
): Promise<StoreCall[]> {
  const calls: StoreCall[] = [];
  await act(
    disturbed(store, (call, make) => {
      calls.push(call);
      return make();
    }),
  );
  return calls;
}

/** A store at one of whose calls the process dies: before the call, or when it has taken effect. */
export function dyingAt(store: ArchiveStore, at: number, when: "before" | "after"): ArchiveStore {
  return disturbed(store, async ({ number, operation, key }, make) => {
    if (number !== at) return make();
    if (when === "after") await make();
    throw new Death(`${when} ${operation} ${key}`);
  });
}
