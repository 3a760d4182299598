/** One thing that is wrong with the configuration, in words for the person who has to correct it. */
export interface Problem {
  /** The field below `orgLogArchive`: `regions[1].name`. */
  readonly path: string;
  /** What is there; `undefined` if nothing is. */
  readonly given: unknown;
  /** What may be there. */
  readonly allowed: string;
  /** What to do. */
  readonly change: string;
}

/** The configuration cannot be used. The message lists every problem and is all that a person needs to read. */
export class InvalidConfiguration extends Error {
  override readonly name = "InvalidConfiguration";

  constructor(
    readonly problems: readonly Problem[],
    options?: ErrorOptions,
  ) {
    super(
      ["The configuration in cdk.json (context, orgLogArchive) is not valid.", ...problems.map(describe)].join("\n"),
      options,
    );
  }
}

function describe({ path, given, allowed, change }: Problem): string {
  const value = given === undefined ? "nothing" : JSON.stringify(given);
  return `- ${path || "orgLogArchive"}\n    given:   ${value}\n    allowed: ${allowed}\n    change:  ${change}`;
}

/** `["regions", 1, "name"]` as people write it: `regions[1].name`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, "");
}
