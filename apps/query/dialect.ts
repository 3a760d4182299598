/**
 * Athena's SQL where DuckDB's differs: functions under other names, and NULL where Athena gives NULL. `system.main` has DuckDB's own.
 * https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
 */

/** `$['a']` and `$["a"]` as DuckDB writes them. */
const path = `regexp_replace(path, '\\[(''|")(.*?)(''|")\\]', '."\\2"', 'g')`;

/** Formats of MySQL, which Athena has, as those of C: https://trino.io/docs/current/functions/datetime.html#mysql-date-functions */
const formats: readonly (readonly [mysql: string, c: string])[] = [
  ["%M", "%B"],
  ["%i", "%M"],
  ["%s", "%S"],
  ["%T", "%H:%M:%S"],
  ["%h", "%I"],
  ["%k", "%-H"],
  ["%l", "%-I"],
  ["%e", "%-d"],
  ["%c", "%-m"],
  ["%W", "%A"],
];
const asInC = (format: string) => formats.reduce((text, [mysql, c]) => text.replaceAll(mysql, c), format);
const format = formats.reduce((sql, [mysql, c]) => `replace(${sql}, '${mysql}', '${c}')`, "format");

/** DuckDB takes only a constant for a format, and so a macro knows those that it was made with. */
const days = ["%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%d/%b/%Y", "%d-%b-%Y", "%Y%m%d"];
const times = ["%H:%i:%s", "%H:%i:%S", "%T", "%H:%i", "%H:%i:%s.%f", "%H"];
const parsed = [
  ...days,
  ...days.flatMap((day) =>
    times.flatMap((time) => [`${day} ${time}`, `${day}T${time}`, `${day}T${time}Z`, `${day}:${time}`]),
  ),
  "%Y%m%d%H%i%s",
];
const cases = parsed.map((mysql) => `WHEN '${mysql}' THEN strptime(text, '${asInC(mysql)}')`).join(" ");

const macros: Readonly<Record<string, string>> = {
  sequence: "(first, last, step) AS generate_series(first, last, step)",
  date_format: `(moment, format) AS strftime(moment, ${format})`,
  date_parse: `(text, format) AS CASE format ${cases} ELSE CAST(error(concat('date_parse does not know the format ', format, ' here: take strptime, with the codes of C')) AS TIMESTAMP) END`,
  date_add:
    "(unit, number, moment) AS moment + CAST(concat(number, ' ', unit) AS INTERVAL), (moment, span) AS moment + span",
  from_unixtime: "(seconds) AS make_timestamp(CAST(CAST(seconds AS DOUBLE) * 1000000 AS BIGINT))",
  to_unixtime: "(moment) AS epoch(moment)",
  from_iso8601_timestamp: "(text) AS CAST(text AS TIMESTAMPTZ)",
  // DuckDB takes a time without a zone for one of the zone that is asked for. The times of the views are UTC.
  timezone: "(zone, moment) AS CAST(system.main.timezone(zone, CAST(moment AS TIMESTAMPTZ)) AS TIMESTAMP_MS)",
  at_timezone: "(moment, zone) AS timezone(zone, moment)",
  array_join: "(list, separator) AS array_to_string(list, separator)",
  element_at: "(list, index) AS list[index]",
  approx_distinct: "(value) AS approx_count_distinct(value)",
  regexp_like: "(text, pattern) AS regexp_matches(text, pattern)",
  regexp_extract: [
    "(text, pattern) AS CASE WHEN regexp_matches(text, pattern) THEN system.main.regexp_extract(text, pattern) END",
    "(text, pattern, place) AS CASE WHEN regexp_matches(text, pattern) THEN system.main.regexp_extract(text, pattern, place) END",
    "(text, pattern, place, options) AS system.main.regexp_extract(text, pattern, place, options)",
  ].join(", "),
  // A message that is no JSON must not end the question. DuckDB's json_extract stays: it is also what `json.field` is made of.
  json_parse: "(text) AS CAST(CASE WHEN json_valid(text) THEN text END AS JSON)",
  json_format: "(json) AS CAST(json AS VARCHAR)",
  json_extract_string:
    "(json, path) AS CASE WHEN json_valid(json) THEN system.main.json_extract_string(json, path) END",
  '"->>"': "(json, path) AS json_extract_string(json, path)",
  json_extract_scalar: `(json, path) AS CASE WHEN json_valid(json) AND json_type(json, ${path}) NOT IN ('OBJECT', 'ARRAY') THEN system.main.json_extract_string(json, ${path}) END`,
};

export const dialectStatements: readonly string[] = Object.entries(macros).map(
  ([name, definition]) => `CREATE MACRO ${name}${definition}`,
);
