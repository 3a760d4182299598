import { ArchiveDatabase } from "../../../apps/query/archive-database";
import { toJson } from "../../../apps/query/values";

let database: ArchiveDatabase;
beforeAll(async () => {
  database = await ArchiveDatabase.open([]);
});
afterAll(() => database.close());

async function answerOf(expression: string): Promise<unknown> {
  const { batches } = await database.ask({ sql: `SELECT ${expression}` });
  for await (const [row] of batches) return toJson(row?.[0] ?? null);
  return undefined;
}

async function nameOf(expression: string): Promise<string | undefined> {
  return (await database.ask({ sql: `SELECT ${expression}` })).columns[0];
}

const at = "TIMESTAMP '2023-07-10 11:12:13'";
const logs = `(VALUES ('{"ms":5}'), ('no json')) AS logs(message)`;

/** What Athena answers, by its documentation and Trino's: https://trino.io/docs/current/functions.html */
test.each([
  // JSON
  [`json_extract('{"a":{"b":1}}', '$.a')`, '{"b":1}'],
  ["json_extract('no json', '$.a')", null],
  ["('no json' -> '$.a') IS NULL", true],
  [`CAST(json_extract('{"a":"x"}', '$.a') AS varchar)`, "x"],
  [`CAST(json_extract('{"a":["x","y"]}', '$.a') AS array(varchar))`, ["x", "y"]],
  ["CAST(json_parse('[[1],[2]]') AS array(array(integer)))", [[1], [2]]],
  [`CAST(json_parse('{"a":1}') AS map(varchar, integer))['a']`, 1],
  [`CAST(json_parse('{"a":[1]}') AS row(a array(integer))).a`, [1]],
  [`count(CAST(message AS json)) FROM ${logs}`, 1],
  ["json_array_length('no json')", null],
  ["json_array_length('{}')", null],
  ["json_array_length('[1,2]')", 2],
  ["json_array_get('[1,2]', 1)", "2"],
  ["json_array_contains('[1,2]', 2)", true],
  [`json_size('{"x":{"a":1,"b":2}}', '$.x')`, 2],
  [`json_size('{"x":1}', '$.x')`, 0],
  [`json_size('{"x":1}', '$.y')`, null],
  ["is_json_scalar('1')", true],
  ["is_json_scalar('[]')", false],
  [`json_query('{"a":[1]}', 'lax $.a')`, "[1]"],
  [`json_value('{"a":"x"}', 'lax $.a')`, "x"],
  [`json_exists('{"a":"x"}', 'strict $.a')`, true],
  // Texts
  ["regexp_replace('a-b-c', '-', '_')", "a_b_c"],
  ["regexp_replace('1a 2b 14m', '\\d+[ab] ')", "14m"],
  ["regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", "3ca 3cb 14m"],
  ["regexp_replace('aXbX', 'x', '-', 'i')", "a-bX"],
  ["regexp_extract_all('1a 2b', '(\\d)([a-z])', 2)", ["a", "b"]],
  ["regexp_count('1a 2b', '[a-z]')", 2],
  ["regexp_position('I have 23 apples', '\\b\\d+\\b')", 8],
  ["regexp_position('none', '\\d')", -1],
  ["regexp_split('1a 2b', '[a-z] ?')", ["1", "2", ""]],
  ["split('a,b,c', ',', 2)", ["a", "b,c"]],
  ["split('a,b', ',', 3)", ["a", "b"]],
  ["split_part('a,b', ',', 2)", "b"],
  ["split_part('a,b', ',', 3)", null],
  ["split_to_map('a=1;b=2=3', ';', '=')['b']", "2=3"],
  ["concat('a', NULL)", null],
  ["concat('a', 'b', 'c')", "abc"],
  ["concat('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')", "abcdefgh"],
  ["concat('a')", "a"],
  ["replace('abc', 'b')", "ac"],
  ["strpos('abcabc', 'c', 2)", 6],
  ["strpos('abcabc', 'c', 3)", 0],
  ["format('%s-%d', 'a', 5)", "a-5"],
  ["format('{}', 'a')", "a"],
  ["codepoint('a')", 97],
  ["levenshtein_distance('abc', 'abd')", 1],
  ["from_utf8(from_base64('YWJj'))", "abc"],
  ["to_base64(to_utf8('abc'))", "YWJj"],
  ["to_hex(md5(to_utf8('abc')))", "900150983CD24FB0D6963F7D28E17F72"],
  // Times
  ["parse_datetime('2023-07-10T11:12:13Z', 'yyyy-MM-dd''T''HH:mm:ss''Z''')", "2023-07-10T11:12:13.000Z"],
  ["parse_datetime('2023-07-10-11:12:13', 'yyyy-MM-dd-HH:mm:ss')", "2023-07-10T11:12:13.000Z"],
  [
    "to_unixtime(parse_datetime('2023-07-10T11:12:13.123456Z', 'yyyy-MM-dd''T''HH:mm:ss.SSSSSS''Z'))",
    1688987533.123456,
  ],
  ["to_unixtime(parse_datetime('10/Jul/2023:13:12:13 +0200', 'dd/MMM/yyyy:HH:mm:ss Z'))", 1688987533],
  ["to_unixtime(parse_datetime('2023-07-10T11:12:13Z', 'yyyy-MM-dd''T''HH:mm:ssZ'))", 1688987533],
  [`format_datetime(${at}, 'EEEE, d MMM yyyy ''at'' h:mm a')`, "Monday, 10 Jul 2023 at 11:12 AM"],
  ["date_parse('2023-07', '%Y-%m')", "2023-07-01T00:00:00.000Z"],
  ["date_parse('7/10/2023 3:04 PM', '%c/%e/%Y %l:%i %p')", "2023-07-10T15:04:00.000Z"],
  ["date_parse('10/Jul/2023:11:12:13 +0000', '%d/%b/%Y:%H:%i:%s +0000')", "2023-07-10T11:12:13.000Z"],
  ["try(date_parse('x', '%Y-%m-%d'))", null],
  [`date_format(${at}, '%r')`, "11:12:13 AM"],
  ["date_diff('hour', TIMESTAMP '2023-07-10 11:59:00', TIMESTAMP '2023-07-10 12:01:00')", 0],
  ["date_diff('day', DATE '2023-07-10', DATE '2023-07-12')", 2],
  ["date_diff('month', DATE '2023-01-31', DATE '2023-03-01')", 1],
  ["day_of_week(DATE '2023-07-09')", 7],
  ["day_of_year(DATE '2023-02-01')", 32],
  ["millisecond(TIMESTAMP '2023-07-10 11:12:13.045')", 45],
  ["to_iso8601(DATE '2023-07-10')", "2023-07-10"],
  [`to_iso8601(${at})`, "2023-07-10T11:12:13.000"],
  ["to_iso8601(from_iso8601_timestamp('2023-07-10T11:12Z'))", "2023-07-10T11:12:13.000Z".replace(":13.", ":00.")],
  ["from_iso8601_date('2023-07-10')", "2023-07-10"],
  ["to_unixtime(from_iso8601_timestamp('2023-07-10T13:12:13+02:00'))", 1688987533],
  ["from_unixtime(1418530010, 'America/New_York')", "2014-12-13 23:06:50"],
  ["from_unixtime_nanos(1418530010000000000)", "2014-12-14T04:06:50.000Z"],
  [`to_unixtime(with_timezone(${at}, 'America/New_York'))`, 1689001933],
  [`to_unixtime(TIMESTAMP '2023-07-10 11:12:13 America/New_York')`, 1689001933],
  [`${at} AT TIME ZONE '+05:30'`, "2023-07-10 16:42:13"],
  [`${at} AT TIME ZONE '-03:30'`, "2023-07-10 07:42:13"],
  // Lists and maps
  ["cardinality(ARRAY['a', NULL])", 2],
  ["cardinality(MAP(ARRAY['a'], ARRAY[1]))", 1],
  ["cardinality(NULL)", null],
  ["element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')", 1],
  ["array_join(ARRAY['a', NULL], ';', '-')", "a;-"],
  ["array_max(ARRAY[1, 3])", 3],
  ["array_max(ARRAY[1, NULL])", null],
  ["array_position(ARRAY['a'], 'b')", 0],
  ["array_remove(ARRAY[1, 2, 1], 1)", [2]],
  ["array_except(ARRAY[1, 2], ARRAY[2])", [1]],
  ["arrays_overlap(ARRAY[1, 2], ARRAY[2])", true],
  ["slice(ARRAY[1, 2, 3, 4], 2, 2)", [2, 3]],
  ["sequence(1, 3)", [1, 2, 3]],
  ["transform(ARRAY[1, 2], x -> x + 1)", [2, 3]],
  ["transform(ARRAY['a'], x -> 'b')", ["b"]],
  ["any_match(ARRAY[1, 2], x -> x > 1)", true],
  ["all_match(ARRAY[1, 2], x -> x > 1)", false],
  ["none_match(ARRAY[1, 2], x -> x > 2)", true],
  // Addresses
  ["contains('10.0.0.0/8', CAST('10.1.2.3' AS IPADDRESS))", true],
  ["contains('10.0.0.0/8', IPADDRESS '11.1.2.3')", false],
  ["contains('2001:db8::/32', address) FROM (VALUES ('2001:db8::1')) AS seen(address)", true],
  ["is_subnet_of(IPPREFIX '10.0.0.0/8', IPADDRESS '10.1.2.3')", true],
  ["try_cast('AWS Internal' AS ipaddress)", null],
  ["contains('abc/def', 'c/d')", true],
  ["contains(ARRAY['a'], 'a')", true],
  // URLs
  ["url_extract_host('https://u@example.com:8443/p/a?q=1#f')", "example.com"],
  ["url_extract_port('https://example.com:8443/p')", 8443],
  ["url_extract_port('https://example.com/p')", null],
  ["url_extract_path('https://example.com/p/a?q=1')", "/p/a"],
  ["url_extract_query('https://example.com/p/a?q=1#f')", "q=1"],
  ["url_extract_fragment('https://example.com/p/a?q=1#f')", "f"],
  ["url_extract_protocol('https://example.com/')", "https"],
  ["url_extract_parameter('https://example.com/?x=1&r=a+b%2F', 'r')", "a b/"],
  ["url_extract_parameter('https://example.com/?x=1', 'r')", null],
  ["url_extract_host('no url at all')", null],
  // Others
  ["greatest(1, NULL)", null],
  ["least(2, 1, 3)", 1],
  ["if(1 = 2, 'a')", null],
  ["if(1 = 2, 'a', if(1 = 1, 'b, c('))", "b, c("],
  ["array(SELECT 1)", [1]],
  ["'array(x)'", "array(x)"],
  ["bitwise_and(6, 3)", 2],
  [`approx_percentile(CAST(json_extract_scalar(message, '$.ms') AS double), 0.5) FROM ${logs}`, 5],
  ["map_agg(name, number)['b'] FROM (VALUES ('a', 1), ('b', 2)) AS pairs(name, number)", 2],
  ["(map_agg(name, 1) FILTER (WHERE name <> 'a'))['b'] FROM (VALUES ('a'), ('b')) AS names(name)", 1],
  ["approx_distinct(number) FILTER (WHERE number > 1) FROM (VALUES (1), (2), (3)) AS numbers(number)", 2],
  ["approx_percentile(number, 0.5) OVER () FROM (VALUES (1), (2), (3)) AS numbers(number) LIMIT 1", 2],
  [
    "count(*) > 0 FROM (VALUES ('2023')) AS years(year) TABLESAMPLE 100% WHERE date_parse(year, '%Y') IS NOT NULL",
    true,
  ],
  ["approx_distinct(message, 0.01) FROM (VALUES ('a'), ('a')) AS lines(message)", 1],
])("%s is %j", async (expression, value) => expect(await answerOf(expression)).toEqual(value));

test("numbers of many digits, and texts that look like a tree, are as they were written", async () => {
  const changed = "date_parse('2023', '%Y') IS NULL";
  expect(
    await answerOf(`[CAST(9007199254740993 AS VARCHAR), '"x":9007199254740993}', CAST(${changed} AS VARCHAR)]`),
  ).toEqual(["9007199254740993", '"x":9007199254740993}', "false"]);
  expect(await answerOf(`CASE WHEN ${changed} THEN NULL ELSE -12345678901234567890 END`)).toBe("-12345678901234567890");
});

test("a column without a name is called as the function that was written", async () => {
  expect(await nameOf("date_parse('2023', '%Y')")).toBe("date_parse");
  expect(await nameOf("CAST(json_extract('{}', '$.a') AS varchar)")).toBe("json_extract");
  expect(await nameOf("date_parse('2023', '%Y') AS day")).toBe("day");
});

test.each([
  ["date_parse('2023', '%U')", "no code %U"],
  ["parse_datetime('2023', 'GGGG')", "The part GGGG of the format GGGG is not known here"],
  ["date_parse('2023', format) FROM (VALUES ('%Y')) AS formats(format)", "takes its format as a text in quotes"],
  ["if(1 = 1, 'a'))", "syntax error"],
])("what is not understood is refused: %s", async (expression, message) => {
  await expect(answerOf(expression)).rejects.toMatchObject({
    name: "InvalidQuery",
    message: expect.stringContaining(message),
  });
});
