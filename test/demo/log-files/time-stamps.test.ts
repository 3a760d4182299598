import { timeStampOf } from "../../../apps/demo/log-files/time-stamps";

const modifiedAt = Date.parse("2026-11-22T22:00:00Z");
const read = (line: string, modified = modifiedAt) => {
  const at = timeStampOf(line, modified);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe("the time stamp of a line", () => {
  it.each([
    ["2026-11-22T21:31:01Z hello", "2026-11-22T21:31:01.000Z"],
    ["2026-11-22T21:31:01.123456789Z hello", "2026-11-22T21:31:01.123Z"],
    ["2026-11-22 21:31:01,5 hello", "2026-11-22T21:31:01.500Z"],
    ["2026-11-22T21:31:01", "2026-11-22T21:31:01.000Z"],
    ["2026-11-22 21:31:01 no zone is UTC", "2026-11-22T21:31:01.000Z"],
    ["2026-11-22T21:31:01+09:00 hello", "2026-11-22T12:31:01.000Z"],
    ["2026-11-22 21:31:01.250 -0530 hello", "2026-11-23T03:01:01.250Z"],
    ["2026-11-22 21:31:01+09 hello", "2026-11-22T12:31:01.000Z"],
    ["2026-11-22 21:31:01 UTC hello", "2026-11-22T21:31:01.000Z"],
    ["[2026-11-22 21:31:01,123] hello", "2026-11-22T21:31:01.123Z"],
    ["2026/11/22 21:31:01 [error] 7#7: hello", "2026-11-22T21:31:01.000Z"],
    ["2024-02-29T00:00:00Z leap day", "2024-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z leap second", "2017-01-01T00:00:00.000Z"],
  ])("reads ISO 8601: %s", (line, expected) => expect(read(line)).toBe(expected));

  it.each([
    ["1795383061 hello", "2026-11-22T21:31:01.000Z"],
    ["1795383061.25 hello", "2026-11-22T21:31:01.250Z"],
    ["1795383061123 hello", "2026-11-22T21:31:01.123Z"],
    ["1795383061123.9 hello", "2026-11-22T21:31:01.123Z"],
    ["1795383061", "2026-11-22T21:31:01.000Z"],
  ])("reads epoch seconds and milliseconds: %s", (line, expected) => expect(read(line)).toBe(expected));

  it.each([
    ['192.0.2.7 - - [22/Nov/2026:21:31:01 +0000] "GET /"', "2026-11-22T21:31:01.000Z"],
    ['www:443 2001:db8::1 - bob [22/Nov/2026:21:31:01 -0500] "GET /"', "2026-11-23T02:31:01.000Z"],
  ])("reads the common log format: %s", (line, expected) => expect(read(line)).toBe(expected));

  it.each([
    ["Nov 22 21:31:01 host sshd: hello", modifiedAt, "2026-11-22T21:31:01.000Z"],
    ["Nov  2 21:31:01 host", modifiedAt, "2026-11-02T21:31:01.000Z"],
    ["Nov 23 21:59:59 within a day after the modification", modifiedAt, "2026-11-23T21:59:59.000Z"],
    ["Nov 23 22:00:01 more than a day after it", modifiedAt, "2025-11-23T22:00:01.000Z"],
    ["Dec 31 23:59:59 host", Date.parse("2026-01-01T00:00:10Z"), "2025-12-31T23:59:59.000Z"],
    ["Jan  1 00:00:01 host", Date.parse("2025-12-31T23:59:59Z"), "2026-01-01T00:00:01.000Z"],
    ["Feb 29 12:00:00 host", modifiedAt, "2024-02-29T12:00:00.000Z"],
  ])("gives a syslog line the latest year that its file allows: %s", (line, modified, expected) =>
    expect(read(line, modified)).toBe(expected),
  );

  it.each([
    "",
    "    at com.example.Main.run(Main.java:7)",
    "hello 2026-11-22T21:31:01Z",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T21:31:01:99",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+01:00",
    "2201-01-01T00:00:00Z",
    "12026-11-22T21:31:01Z",
    "179538306 nine digits",
    "17953830611 eleven digits",
    "1795383061abc",
    "9999999999 far too late",
    "Nov 31 21:31:01 host",
    "one two three four five six seven [22/Nov/2026:21:31:01 +0000]",
    '{"time":"2026-11-22T21:31:01Z"}',
  ])("finds none in: %s", (line) => expect(read(line)).toBeUndefined());
});
