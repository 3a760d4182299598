import accessors = require("@duckdb/node-api/lib/vectors/dataAccessors");

/**
 * DuckDB's texts are decoded by one decoder, which takes a leading U+FEFF for a mark of byte order and drops it. In a message it
 * is content, as every other character is. There is no option for it.
 */
Object.assign(accessors, { textDecoder: new TextDecoder("utf-8", { ignoreBOM: true }) });
