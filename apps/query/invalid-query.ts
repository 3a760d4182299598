/** A statement that DuckDB refuses, or that is not a question that can be asked here. */
export class InvalidQuery extends Error {
  override readonly name = "InvalidQuery";
}
