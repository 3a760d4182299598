import { reading, timeOf } from "../support/reading";

describe("the zone of a time", () => {
  it.each([
    ["Z", "12:00"],
    ["UTC", "12:00"],
    ["GMT", "12:00"],
    ["+00:00", "12:00"],
    ["-0330", "15:30"],
    ["+05", "07:00"],
    ["UTC+2", "10:00"],
    ["GMT-03:30", "15:30"],
    ["(CEST)", "10:00"],
    ["WET", "12:00"],
    ["WEST", "11:00"],
    ["CET", "11:00"],
    ["CEST", "10:00"],
    ["MEZ", "11:00"],
    ["MESZ", "10:00"],
    ["EET", "10:00"],
    ["EEST", "09:00"],
    ["TRT", "09:00"],
    ["SAST", "10:00"],
    ["EAT", "09:00"],
    ["WAT", "11:00"],
    ["PKT", "07:00"],
    ["NPT", "06:15"],
    ["WIB", "05:00"],
    ["HKT", "04:00"],
    ["SGT", "04:00"],
    ["AWST", "04:00"],
    ["JST", "03:00"],
    ["KST", "03:00"],
    ["ACST", "02:30"],
    ["AEST", "02:00"],
    ["ACDT", "01:30"],
    ["AEDT", "01:00"],
    ["NZST", "00:00"],
    ["EST", "17:00"],
    ["EDT", "16:00"],
    ["CDT", "17:00"],
    ["MDT", "18:00"],
    ["PDT", "19:00"],
    ["AKST", "21:00"],
    ["HST", "22:00"],
    ["NST", "15:30"],
    ["ADT", "15:00"],
    ["BRT", "15:00"],
    ["ART", "15:00"],
    ["Asia/Kolkata", "06:30"],
    ["America/Argentina/Buenos_Aires", "15:00"],
  ])("is read: %s", (zone, expected) =>
    expect(timeOf(`2024-06-15 12:00:00 ${zone} x`)).toBe(`2024-06-15T${expected}:00.000Z`),
  );

  it("moves the time to the day that it is in UTC", () => {
    expect(timeOf("2024-06-27 00:30:07.123 CEST [58151] LOG:  checkpoint")).toBe("2024-06-26T22:30:07.123Z");
    expect(timeOf("2025-01-31 20:15:00.000 EST [58152] LOG:  checkpoint")).toBe("2025-02-01T01:15:00.000Z");
    expect(timeOf("2025-08-13 01:45:01.123 PDT [12345] LOG:  starting")).toBe("2025-08-13T08:45:01.123Z");
  });

  it("is by the zone's own rules where it has a place's name", () => {
    expect(timeOf("2024-01-15 12:00:00 Europe/Berlin x")).toBe("2024-01-15T11:00:00.000Z");
    expect(timeOf("2024-07-15 12:00:00 Europe/Berlin x")).toBe("2024-07-15T10:00:00.000Z");
  });

  it.each([
    ["CST", "1 line in the zone CST, read as -06:00; it also stands for +08:00 or -05:00"],
    ["IST", "1 line in the zone IST, read as +05:30; it also stands for +02:00 or +01:00"],
    ["BST", "1 line in the zone BST, read as +01:00; it also stands for +06:00"],
    ["XYZT", "1 line in the zone XYZT, which is not known: read as UTC"],
    ["QQQ", "1 line in the zone QQQ, which is not known: read as UTC"],
  ])("is named where it is a guess: %s", (zone, remark) =>
    expect(reading([`[2024-06-15 12:00:00 ${zone}] x`]).remarks).toEqual([remark]),
  );

  it.each(["INFO", "GET", "ERROR", "START", "Main", "X-Ray", "+20:00", "Nowhere/Land", "- 5", "-5 degrees"])(
    "is not a word of the message: %s",
    (word) => {
      const { times, remarks, withoutZone } = reading([`2024-06-15 12:00:00 ${word} x`]);
      expect({ times, remarks, withoutZone }).toEqual({
        times: ["2024-06-15T12:00:00.000Z"],
        remarks: [],
        withoutZone: 1,
      });
    },
  );
});
