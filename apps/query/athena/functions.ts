import { codesOfMysql } from "./formats";

/**
 * Athena's functions that DuckDB has under another name or differently: what is NULL in Athena is NULL here. `system.main` has
 * DuckDB's own. Where a tree has to change, as for the formats of times, is in `syntax-tree.ts`.
 * https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html, https://trino.io/docs/current/functions.html
 */

/** `$['a']` and `$["a"]` as DuckDB writes them, and without SQL's `lax` and `strict`. */
const path = `system.main.regexp_replace(system.main.regexp_replace(path, '\\[(''|")(.*?)(''|")\\]', '."\\2"', 'g'), '^\\s*(lax|strict)\\s+', '')`;
const jsonText = (json: string, at: string) =>
  `CASE WHEN json_valid(${json}) AND system.main.json_type(${json}, ${at}) NOT IN ('OBJECT', 'ARRAY') THEN system.main.json_extract_string(${json}, ${at}) END`;

/** Functions of a JSON text, by what they need of it; a message that is no JSON must not end the question. */
const ofJson: Readonly<Record<string, string>> = {
  json_parse: "(json) AS CAST(? AS JSON)",
  json_extract_string: "(json, path) AS system.main.json_extract_string(?, path)",
  json_array_length:
    "(json) AS CASE WHEN system.main.json_type(?) = 'ARRAY' THEN system.main.json_array_length(json) END, (json, path) AS system.main.json_array_length(?, path)",
  json_array_get: "(json, place) AS system.main.json_extract(?, concat('$[', CAST(place AS VARCHAR), ']'))",
  json_array_contains: "(json, value) AS system.main.json_contains(?, to_json(value))",
  json_size: `(json, path) AS CASE system.main.json_type(?, ${path}) WHEN 'OBJECT' THEN len(system.main.json_keys(json, ${path})) WHEN 'ARRAY' THEN system.main.json_array_length(json, ${path}) ELSE 0 + len(system.main.json_type(json, ${path})) * 0 END`,
  json_keys: "(json) AS system.main.json_keys(?), (json, path) AS system.main.json_keys(?, path)",
  json_type: "(json) AS system.main.json_type(?), (json, path) AS system.main.json_type(?, path)",
  json_query: `(json, path) AS CAST(system.main.json_extract(?, ${path}) AS VARCHAR)`,
  json_exists: `(json, path) AS system.main.json_exists(?, ${path})`,
  is_json_scalar: "(json) AS system.main.json_type(?) NOT IN ('OBJECT', 'ARRAY')",
};
const validJson = "(CASE WHEN json_valid(json) THEN json END)";

const format = codesOfMysql.reduce((sql, [mysql, c]) => `replace(${sql}, '${mysql}', '${c}')`, "format");

/** NULL if one of up to twelve values is. */
function strict(overload: (parameters: readonly string[]) => string): string {
  const letters = [..."abcdefghijkl"];
  return letters
    .map((_, index) => letters.slice(0, index + 1))
    .map((parameters) => `(${parameters.join(", ")}) AS ${overload(parameters)}`)
    .join(", ");
}
const strictly = (name: string) =>
  strict(
    (parameters) =>
      `CASE WHEN ${parameters.map((one) => `${one} IS NOT NULL`).join(" AND ")} THEN system.main.${name}(${parameters.join(", ")}) END`,
  );

/** https://www.rfc-editor.org/rfc/rfc3986#appendix-B; a text with blanks is no URL. */
const url = String.raw`^(?:([^:/?#\s]+):)?(?://([^/?#\s]*))?([^?#\s]*)(?:\?([^#\s]*))?(?:#(\S*))?$`;
const ofUrl = (value: string) => `(url) AS CASE WHEN regexp_matches(url, '${url}') THEN ${value} END`;
const partOfUrl = (group: number) => `system.main.regexp_extract(url, '${url}', ${group})`;

/** Of a zone such as `+05:30`, which DuckDB does not know; of others 0. */
const zoneIsOffset = "regexp_full_match(zone, '[+-]\\d\\d:\\d\\d')";
const minutesAhead = `CASE WHEN ${zoneIsOffset} THEN CAST(concat(zone[1:1], '1') AS INTEGER) * (TRY_CAST(zone[2:3] AS INTEGER) * 60 + TRY_CAST(zone[5:6] AS INTEGER)) ELSE 0 END`;

const macros: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(ofJson).map(([name, definition]) => [name, definition.replaceAll("?", validJson)]),
  ),
  json_or_null: `(json) AS ${validJson}`,
  '"->>"': "(json, path) AS json_extract_string(json, path)",
  json_extract_scalar: `(json, path) AS ${jsonText("json", path)}`,
  json_value: `(json, path) AS ${jsonText("json", path)}`,
  json_format: "(json) AS CAST(json AS VARCHAR)",

  // DuckDB takes a time without a zone for one of the zone that is asked for. The times of the views are UTC.
  timezone: `(zone, moment) AS CAST(system.main.timezone(CASE WHEN ${zoneIsOffset} THEN 'UTC' ELSE zone END, CAST(moment AS TIMESTAMPTZ)) + to_minutes(${minutesAhead}) AS TIMESTAMP_MS)`,
  date_format: `(moment, format) AS strftime(moment, ${format})`,
  date_add:
    "(unit, number, moment) AS moment + CAST(concat(CAST(number AS VARCHAR), ' ', unit) AS INTERVAL), (moment, span) AS moment + span",
  // Whole units, as Athena counts them. DuckDB's own counts the boundaries between two moments; it stays as datediff.
  date_diff: "(unit, first, last) AS date_sub(unit, first, last)",
  from_unixtime:
    "(seconds) AS make_timestamp(CAST(CAST(seconds AS DOUBLE) * 1000000 AS BIGINT)), (seconds, zone) AS timezone(zone, make_timestamp(CAST(CAST(seconds AS DOUBLE) * 1000000 AS BIGINT)))",
  from_unixtime_nanos: "(nanoseconds) AS make_timestamp(CAST(nanoseconds // 1000 AS BIGINT))",
  to_unixtime: "(moment) AS epoch(moment)",
  // Athena needs no seconds.
  from_iso8601_timestamp:
    "(text) AS CAST(system.main.regexp_replace(text, '([T ]\\d\\d:\\d\\d)([-+Z]|$)', '\\1:00\\2') AS TIMESTAMPTZ)",
  from_iso8601_date: "(text) AS CAST(text AS DATE)",
  to_iso8601:
    "(moment) AS CASE typeof(moment) WHEN 'DATE' THEN strftime(moment, '%Y-%m-%d') WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ') ELSE strftime(moment, '%Y-%m-%dT%H:%M:%S.%g') END",
  at_timezone: "(moment, zone) AS timezone(zone, moment)",
  with_timezone: "(moment, zone) AS system.main.timezone(zone, CAST(moment AS TIMESTAMP))",
  day_of_week: "(moment) AS isodow(moment)",
  dow: "(moment) AS isodow(moment)",
  day_of_month: "(moment) AS day(moment)",
  day_of_year: "(moment) AS dayofyear(moment)",
  doy: "(moment) AS dayofyear(moment)",
  week_of_year: "(moment) AS week(moment)",
  year_of_week: "(moment) AS isoyear(moment)",
  yow: "(moment) AS isoyear(moment)",
  last_day_of_month: "(moment) AS last_day(moment)",
  millisecond: "(moment) AS system.main.millisecond(moment) % 1000",

  regexp_like: "(text, pattern) AS regexp_matches(text, pattern)",
  regexp_extract: [
    "(text, pattern) AS CASE WHEN regexp_matches(text, pattern) THEN system.main.regexp_extract(text, pattern) END",
    "(text, pattern, place) AS CASE WHEN regexp_matches(text, pattern) THEN system.main.regexp_extract(text, pattern, place) END",
    "(text, pattern, place, options) AS system.main.regexp_extract(text, pattern, place, options)",
  ].join(", "),
  // Every match, and groups as $1.
  regexp_replace: [
    "(text, pattern) AS system.main.regexp_replace(text, pattern, '', 'g')",
    "(text, pattern, replacement) AS system.main.regexp_replace(text, pattern, system.main.regexp_replace(replacement, '\\$(\\d)', '\\\\\\1', 'g'), 'g')",
  ].join(", "),
  regexp_count: "(text, pattern) AS len(regexp_extract_all(text, pattern))",
  regexp_position:
    "(text, pattern) AS CASE WHEN NOT regexp_matches(text, pattern) THEN -1 ELSE length(system.main.regexp_extract(text, concat('^(.*?)(?:', pattern, ')'), 1, 's')) + 1 END",
  regexp_split: "(text, pattern) AS regexp_split_to_array(text, pattern)",
  split: [
    "(text, separator) AS string_split(text, separator)",
    "(text, separator, parts) AS CASE WHEN len(string_split(text, separator)) <= parts THEN string_split(text, separator) ELSE list_concat(string_split(text, separator)[1:parts - 1], [array_to_string(string_split(text, separator)[parts:], separator)]) END",
  ].join(", "),
  split_part: "(text, separator, place) AS string_split(text, separator)[place]",
  split_to_map:
    "(text, separator, mark) AS map_from_entries(list_transform(string_split(text, separator), lambda entry: struct_pack(k := system.main.split_part(entry, mark, 1), v := substr(entry, length(system.main.split_part(entry, mark, 1)) + length(mark) + 1))))",
  concat: strict((parameters) => parameters.join(" || ")),
  replace:
    "(text, part) AS system.main.replace(text, part, ''), (text, part, other) AS system.main.replace(text, part, other)",
  strpos:
    "(text, part) AS system.main.strpos(text, part), (text, part, instance) AS CASE WHEN len(string_split(text, part)) > instance THEN length(array_to_string(string_split(text, part)[1:instance], part)) + 1 ELSE 0 END",
  codepoint: "(letter) AS unicode(letter)",
  levenshtein_distance: "(first, second) AS levenshtein(first, second)",
  from_utf8: "(bytes) AS decode(bytes)",
  to_utf8: "(text) AS encode(text)",

  url_extract_protocol: ofUrl(partOfUrl(1)),
  url_extract_host: ofUrl(`system.main.regexp_extract(${partOfUrl(2)}, '^(?:.*@)?(\\[.*\\]|[^:]*)', 1)`),
  url_extract_port: ofUrl(`TRY_CAST(system.main.regexp_extract(${partOfUrl(2)}, ':(\\d+)$', 1) AS BIGINT)`),
  url_extract_path: ofUrl(partOfUrl(3)),
  url_extract_query: ofUrl(partOfUrl(4)),
  url_extract_fragment: ofUrl(partOfUrl(5)),
  url_extract_parameter:
    "(url, name) AS list_transform(list_filter(string_split(url_extract_query(url), '&'), lambda pair: url_decode(system.main.split_part(pair, '=', 1)) = name), lambda pair: url_decode(system.main.replace(substr(pair, length(system.main.split_part(pair, '=', 1)) + 2), '+', ' ')))[1]",

  is_subnet_of: "(network, address) AS ip_in(address, network)",
  ip_address: `(text) AS CASE WHEN regexp_full_match(text, '\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*') THEN text END`,
  ip_network: `(text) AS CASE WHEN regexp_full_match(text, '[0-9A-Fa-f:.]*[:.][0-9A-Fa-f:.]*/\\d{1,3}') THEN text END`,

  sequence: "(first, last) AS generate_series(first, last), (first, last, step) AS generate_series(first, last, step)",
  // Of lists and of maps, which DuckDB counts by different functions.
  cardinality:
    "(many) AS CASE system.main.json_type(to_json(many)) WHEN 'ARRAY' THEN system.main.json_array_length(to_json(many)) WHEN 'OBJECT' THEN len(system.main.json_keys(to_json(many))) END",
  element_at: "(list, index) AS list[index]",
  slice: "(list, first, count) AS list_slice(list, first, first + count - 1)",
  array_join:
    "(list, separator) AS array_to_string(list, separator), (list, separator, nothing) AS array_to_string(list_transform(list, lambda one: coalesce(CAST(one AS VARCHAR), nothing)), separator)",
  array_max: "(list) AS CASE WHEN len(list_filter(list, lambda one: one IS NULL)) = 0 THEN list_max(list) END",
  array_min: "(list) AS CASE WHEN len(list_filter(list, lambda one: one IS NULL)) = 0 THEN list_min(list) END",
  array_position:
    "(list, one) AS CASE WHEN list IS NOT NULL AND one IS NOT NULL THEN coalesce(list_position(list, one), 0) END",
  array_remove: "(list, unwanted) AS list_filter(list, lambda one: one IS NULL OR one <> unwanted)",
  array_union: "(first, second) AS list_distinct(list_concat(first, second))",
  array_except: "(first, second) AS list_distinct(list_filter(first, lambda one: NOT list_contains(second, one)))",
  arrays_overlap: "(first, second) AS list_has_any(first, second)",

  greatest: strictly("greatest"),
  least: strictly("least"),
  truncate: "(number) AS trunc(number)",
  bitwise_and: "(a, b) AS a & b",
  bitwise_or: "(a, b) AS a | b",
  bitwise_xor: "(a, b) AS xor(a, b)",
  bitwise_not: "(a) AS ~a",
};

export const functionStatements: readonly string[] = Object.entries(macros).map(
  ([name, definition]) => `CREATE MACRO ${name}${definition}`,
);
