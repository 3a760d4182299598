/** An error as Lambda reports it to the function's caller. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export class LambdaFailure extends Error {
  override readonly name = "LambdaFailure";

  constructor(
    readonly errorType: string,
    readonly errorMessage: string,
    readonly trace: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(`${errorType}: ${errorMessage}`, options);
  }

  /** The payload of a failed invocation. */
  get payload(): { errorType: string; errorMessage: string; trace: readonly string[] } {
    return { errorType: this.errorType, errorMessage: this.errorMessage, trace: this.trace };
  }
}

/** The instance broke, or was broken: it takes no further invocation. */
export class InstanceLost extends LambdaFailure {}

/** What a handler or its module threw. */
export function thrownBy(code: "handler" | "module", thrown: unknown): LambdaFailure {
  const Failure = code === "module" ? InstanceLost : LambdaFailure;
  if (!isErrorLike(thrown)) return new Failure(typeof thrown, String(thrown), [], { cause: thrown });
  return new Failure(thrown.name, thrown.message, (thrown.stack ?? "").split("\n"), { cause: thrown });
}

/** Errors of a sandbox are not instances of this realm's Error. */
function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === "object" && thrown !== null && "name" in thrown && "message" in thrown;
}
