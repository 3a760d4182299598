import { modifiedAt, reading } from "../support/reading";

/** Times without what all of them share. */
const timesOf = (...lines: string[]) => reading(lines).times;

describe("the year of times that state none", () => {
  const yearsOf = (lines: readonly string[], modified: string) =>
    reading(lines, Date.parse(modified)).times.map((time) => time.slice(0, 10));

  it.each([
    ["Nov 22 21:31:01 host", "2026-11-22T22:00:00Z", "2026-11-22"],
    ["Nov 23 21:59:59 within a day after the modification", "2026-11-22T22:00:00Z", "2026-11-23"],
    ["Nov 23 22:00:01 more than a day after it", "2026-11-22T22:00:00Z", "2025-11-23"],
    ["Dec 31 23:59:59 host", "2026-01-01T00:00:10Z", "2025-12-31"],
    ["Jan  1 00:00:01 host", "2025-12-31T23:59:59Z", "2026-01-01"],
    ["Feb 29 12:00:00 host", "2026-11-22T22:00:00Z", "2024-02-29"],
    ["Nov 22 21:31:01 host", "1970-01-01T00:00:00Z", ""],
  ])("is the latest that the file's modification allows: %s", (line, modified, expected) =>
    expect(yearsOf([line], modified)).toEqual([expected]),
  );

  it("changes at New Year, and is named", () => {
    expect(reading(["Dec 31 23:59:59 host a", "Jan  1 00:00:01 host b"])).toMatchObject({
      times: ["2025-12-31T23:59:59.000Z", "2026-01-01T00:00:01.000Z"],
      remarks: ["2 lines without a year: 2025 to 2026 by the file's modification time"],
    });
  });

  it("is that of the times around it where most have one", () => {
    expect(
      reading(["2024-12-31T10:00:00Z a", '{"ts":"2024-12-31T11:00:00Z"}', "I0102 11:59:44.523502 1 a.go:1] b"]),
    ).toMatchObject({
      times: ["2024-12-31T10:00:00.000Z", "2024-12-31T11:00:00.000Z", "2025-01-02T11:59:44.523Z"],
      remarks: ["1 line without a year: 2025 by the times around them"],
    });
  });

  it("is that of the times after it where the file begins without one, and most have one", () => {
    const lines = ["I1231 11:59:44.5 1 a.go:1] a", "2022-01-01T10:00:00Z b", "2022-01-02T10:00:00Z c"];
    expect(timesOf(...lines)[0]).toBe("2021-12-31T11:59:44.500Z");
  });

  it("is not one that is to come, however near that is to the time before", () => {
    expect(timesOf("2026-11-20T10:00:00Z a", "Mar 01 10:00:00 host b")[1]).toBe("2026-03-01T10:00:00.000Z");
  });

  it("is that of the file's beginning where the file begins with one, as glog's do", () => {
    const lines = [
      "Log file created at: 2023/12/31 10:00:00",
      "I1231 10:00:01.5 1 a.cc:1] x",
      "I0101 10:00:01.5 1 a.cc:1] x",
    ];
    expect(yearsOf(lines, "2026-11-22T22:00:00Z")).toEqual(["2023-12-31", "2023-12-31", "2024-01-01"]);
  });

  it("is not that of a date in one of many lines", () => {
    expect(
      yearsOf(["Nov 21 10:00:00 a", "2019-01-01 00:00:00 b", "Nov 22 10:00:00 c"], "2026-11-22T22:00:00Z"),
    ).toEqual(["2026-11-21", "2019-01-01", "2026-11-22"]);
  });

  it("is that of the same time further on in the line", () => {
    const line = "May  1 10:00:00 lb haproxy[1]: 10.0.0.1:1 [01/May/2024:10:00:00.123] fe be";
    expect(reading([line])).toMatchObject({ times: ["2024-05-01T10:00:00.000Z"], remarks: [] });
    expect(timesOf("May  1 10:00:00 host app: restored what was saved 2024-04-01 10:00:00")).toEqual([
      "2026-05-01T10:00:00.000Z",
    ]);
  });
});

describe("the order of day and month", () => {
  it("is the only one that makes dates of all figures", () => {
    expect(reading(["03/04/2025 10:00:00 a", "13/04/2025 10:00:00 b"])).toMatchObject({
      times: ["2025-04-03T10:00:00.000Z", "2025-04-13T10:00:00.000Z"],
      remarks: [],
    });
    expect(reading(["03/04/2025 10:00:00 a", "04/13/2025 10:00:00 b"])).toMatchObject({
      times: ["2025-03-04T10:00:00.000Z", "2025-04-13T10:00:00.000Z"],
      remarks: [],
    });
  });

  it("is the one in which the lines follow each other most closely, and then named", () => {
    expect(reading(["03/04/2025 10:00:00 a", "04/04/2025 10:00:00 b"])).toMatchObject({
      times: ["2025-04-03T10:00:00.000Z", "2025-04-04T10:00:00.000Z"],
      remarks: ["2 lines with figures read as day month year, which may be in another order"],
    });
    expect(timesOf("081109 203615 a", "081110 203807 b")).toEqual([
      "2008-11-09T20:36:15.000Z",
      "2008-11-10T20:38:07.000Z",
    ]);
  });

  it("is the usual one where nothing tells, and then named", () => {
    const remark = (order: string) => [`1 line with figures read as ${order}, which may be in another order`];
    expect(reading(["03/04/2025 10:00:00 a"])).toMatchObject({
      times: ["2025-03-04T10:00:00.000Z"],
      remarks: remark("month day year"),
    });
    expect(reading(["03.04.2025 10:00:00 a"])).toMatchObject({
      times: ["2025-04-03T10:00:00.000Z"],
      remarks: remark("day month year"),
    });
    expect(reading(["17/06/09 20:10:40 a"])).toMatchObject({
      times: ["2017-06-09T20:10:40.000Z"],
      remarks: remark("year month day"),
    });
  });

  it("makes no date that the file cannot have", () => {
    expect(timesOf("25/12/26 10:00:00 a")).toEqual(["2025-12-26T10:00:00.000Z"]);
    expect(timesOf("12/11/2026 10:00:00 a")).toEqual(["2026-11-12T10:00:00.000Z"]);
  });
});

describe("a number of ten or thirteen digits", () => {
  const remark = (lines: string) => [`${lines} with a number that was read as the time since 1970`];

  it("is a time where the file's numbers are in order, and then named", () => {
    expect(reading(["1714557600 a", "  more", "1714557700.5 b", "1714644000 c"])).toMatchObject({
      times: ["2024-05-01T10:00:00.000Z", "", "2024-05-01T10:01:40.500Z", "2024-05-02T10:00:00.000Z"],
      remarks: remark("3 lines"),
    });
    expect(timesOf("[1714557600123] a")).toEqual([""]);
    expect(timesOf(`${modifiedAt - 1000}: a`)).toEqual(["2026-11-26T11:59:59.000Z"]);
  });

  it("is a time where the file states times near to it", () => {
    expect(reading(["2024-05-01T09:59:00Z a", "1714557600 b"])).toMatchObject({
      times: ["2024-05-01T09:59:00.000Z", "2024-05-01T10:00:00.000Z"],
      remarks: remark("1 line"),
    });
  });

  it.each([
    ["ids among lines with times", ["2024-05-02 10:00:00 INFO customers:", "4155550123 | A", "1234567890 | B"]],
    ["ids in no order", ["1234567890 | A", "1355550123 | B", "1100000000 | C"]],
    ["numbers of a time to come", ["1900000000 a", "1900000100 b", "1900000300 c"]],
    ["numbers further on in some lines", ["order 1714557600 a", "order 1714557700 b", "other c", "other d", "other e"]],
    ["ids that count up", ["1700000001 | A", "1700000002 | B", "1700000003 | C"]],
    ["telephone numbers", ["2125550100 | A", "2125550101 | B", "2125550102 | C"]],
    ["a number long before the file's modification", ["1234567890 | A"]],
    ["a number in some of the lines", ["starting", "opening", "1795608061 bytes", "closing"]],
    ["a number further on in a line", ["order 1714557600 sent"]],
    ["a number in brackets of the message", ["2024-05-02 10:00:00 INFO a", "sent [1234567890]"]],
    ["numbers of eleven digits", ["17145576001 a", "17145576002 b"]],
  ])("is text: %s", (_, lines) =>
    expect(
      reading(lines)
        .times.slice(lines[0]?.startsWith("2024") ? 1 : 0)
        .join(""),
    ).toBe(""),
  );

  it("is a time in a column of its own that most lines have", () => {
    const line = (at: number) => `134681 node-246 unix.hw state_change ${at} 1 Component`;
    expect(reading([line(1077804742), line(1077804752), line(1077891152)])).toMatchObject({
      times: ["2004-02-26T14:12:22.000Z", "2004-02-26T14:12:32.000Z", "2004-02-27T14:12:32.000Z"],
      remarks: remark("3 lines"),
    });
  });

  it("is the beginning of what the next number ends, as in flow logs of one's own columns", () => {
    expect(timesOf("10.0.0.1 1418530010 1418530070 ACCEPT")).toEqual(["2014-12-14T04:06:50.000Z"]);
  });
});

describe("a time that may not be the line's own", () => {
  it("is not taken after words, where other lines begin with theirs, and that is named", () => {
    expect(
      reading(["2024-05-01 10:00:00 start", "Last login was 2019-05-01 10:00:00", "2024-05-01 10:00:03 end"]),
    ).toMatchObject({
      times: ["2024-05-01T10:00:00.000Z", "", "2024-05-01T10:00:03.000Z"],
      remarks: ["1 line with a time only behind other words: not taken for theirs"],
    });
  });

  it("is a line's own behind Ruby's letter of the level", () => {
    const lines = ["2024-05-01 10:00:00 a", "2024-05-01 10:00:01 b", "I, [2024-05-01T10:00:02.123456 #1]  INFO -- : c"];
    const { times, remarks } = reading(lines);
    expect([times[2], remarks]).toEqual(["2024-05-01T10:00:02.123Z", []]);
  });

  it("is taken after words, where the file's lines have theirs there, and that is named", () => {
    expect(
      reading(["Log started: 2024-05-01  10:00:00", "unpacking", "Log ended: 2024-05-01  10:00:05"]),
    ).toMatchObject({
      times: ["2024-05-01T10:00:00.000Z", "", "2024-05-01T10:00:05.000Z"],
      remarks: ["2 lines with a time only behind other words: taken for theirs"],
    });
  });

  it("is not taken when it is after the file's last change, and that is named", () => {
    expect(
      reading(["2026-11-26T10:00:00Z a", "2101-09-08T00:00:00Z b", "2026-11-27T11:00:00Z clocks differ"]),
    ).toMatchObject({
      times: ["2026-11-26T10:00:00.000Z", "", "2026-11-27T11:00:00.000Z"],
      remarks: ["1 line with a time after the file's last change (2101-09-08): not taken for theirs"],
    });
  });
});

describe("a day without a time", () => {
  it("is as late as the line before if that is of the day, else the day's first moment, and then named", () => {
    expect(reading(["2024-05-01 10:00:00 a", "2024-05-01 b", "2024-05-02 c"])).toMatchObject({
      times: ["2024-05-01T10:00:00.000Z", "2024-05-01T10:00:00.000Z", "2024-05-02T00:00:00.000Z"],
      remarks: ["1 line with a day and no time: at its first moment"],
    });
  });
});
