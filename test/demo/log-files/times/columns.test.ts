import { reading } from "../support/reading";

const timesOf = (...lines: string[]) => reading(lines).times;

describe("the columns of a table", () => {
  it("are those of W3C's fields, wherever date and time are", () => {
    expect(
      timesOf(
        "#Software: Microsoft Internet Information Services 10.0",
        "#Fields: s-sitename s-ip date time cs-method",
        "W3SVC1 10.0.0.1 2024-05-01 10:00:01 GET",
        "#Fields: time s-ip date",
        "10:00:02 10.0.0.1 2024-05-02",
      ),
    ).toEqual(["", "", "2024-05-01T10:00:01.000Z", "", "2024-05-02T10:00:02.000Z"]);
  });

  it("are on the day that W3C's logs state in a line of its own, where they have only a time", () => {
    expect(
      timesOf(
        "#Date: 2024-05-01 00:00:00",
        "#Fields: time c-ip",
        "10:00:01 10.0.0.1",
        "#Date: 2024-05-02 00:00:00",
        "10:00:02 10.0.0.1",
      ),
    ).toEqual([
      "2024-05-01T00:00:00.000Z",
      "",
      "2024-05-01T10:00:01.000Z",
      "2024-05-02T00:00:00.000Z",
      "2024-05-02T10:00:02.000Z",
    ]);
  });

  it("are CloudFront's, named with blanks and written with tabs", () => {
    expect(
      timesOf(
        "#Version: 1.0",
        "#Fields: x-edge-location date time",
        "LAX1\t2019-12-04\t21:02:31",
        "LAX1\t2019-12-05\t21:02:31",
      ),
    ).toEqual(["", "", "2019-12-04T21:02:31.000Z", "2019-12-05T21:02:31.000Z"]);
  });

  it("are those of a flow log, in any order", () => {
    expect(
      timesOf(
        "srcaddr end start action instance-id",
        "10.0.0.1 1418530070 1418530010 ACCEPT i-1",
        "10.0.0.1 1418616470 1418616410 ACCEPT i-1",
      ),
    ).toEqual(["", "2014-12-14T04:06:50.000Z", "2014-12-15T04:06:50.000Z"]);
  });

  it("are Zeek's", () => {
    expect(timesOf("#fields\tuid\tts", "C1\t1714557600.123456")).toEqual(["", "2024-05-01T10:00:00.123Z"]);
  });

  it.each([",", ";", "\t", "|"])("are those of the first line's names, with %j between the values", (mark) => {
    const row = (...values: string[]) => values.join(mark);
    expect(
      timesOf(
        row("id", '"Event Time"', "message"),
        row("1", '"2024-05-01T10:00:00Z"', "a"),
        row(`"x${mark}y"`, "1714644000", "b"),
        row("3", "none", "c"),
      ),
    ).toEqual(["", "2024-05-01T10:00:00.000Z", "2024-05-02T10:00:00.000Z", ""]);
  });

  it("are none of a first line that is a sentence", () => {
    expect(timesOf("Hello, time, world.", "2024-05-01 10:00:00 a, 2019-05-01 10:00:00 b")).toEqual([
      "",
      "2024-05-01T10:00:00.000Z",
    ]);
  });
});
