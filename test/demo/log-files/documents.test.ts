import { reading } from "./support/reading";

const record = (day: number, more = "") => `{"eventTime":"2024-05-0${day}T10:00:00Z"${more}}`;
const at = (day: number) => `2024-05-0${day}T10:00:00.000Z`;

describe("JSON documents", () => {
  it("are an event each, with their own time", () => {
    expect(reading([record(1), record(2)]).events).toEqual([`${at(1)} ${record(1)}`, `${at(2)} ${record(2)}`]);
  });

  it("are one event when they have several lines", () => {
    const document = (day: number) => ["{", `  "timestamp": "2024-05-0${day}T10:00:00Z",`, '  "text": "a } b"', "}"];
    const { events, continuingLines } = reading([...document(1), ...document(2)]);
    expect(events).toEqual([`${at(1)} ${document(1).join("\n")}`, `${at(2)} ${document(2).join("\n")}`]);
    expect(continuingLines).toBe(0);
  });

  const records = [record(1, ',"text":"]}, {"'), record(2, ',"quote":"\\"{"'), record(3, ',"in":{"list":[{}]}')];
  it.each([
    ["CloudTrail's, in a line", [`{"Records":[${records.join(",")}]}`]],
    ["CloudTrail's, in several", ["{", '  "Records": [', records.map((each) => `    ${each}`).join(",\n"), "  ]", "}"]],
    ["a list in a line", [`[${records.join(", ")}]`]],
    ["a list with a line for each", ["[", ...records.map((each, index) => (index < 2 ? `${each},` : each)), "]"]],
    ["one behind the other, as Firehose's", [records.join("")]],
  ])("that only hold records are an event for each: %s", (_, lines) => {
    const text = lines.join("\n").split("\n");
    expect(reading(text).events).toEqual(records.map((each, index) => `${at(index + 1)} ${each}`));
  });

  it.each([
    ["where the next page begins", `{"Events":[${records.join(",")}],"NextToken":"x"}`],
    ["lists without anything in them", `{"events":[${records.join(",")}],"searchedLogStreams":[]}`],
  ])("that hold besides only %s are an event for each record", (_, text) => {
    expect(reading([text]).events).toEqual(records.map((each, index) => `${at(index + 1)} ${each}`));
  });

  it("that hold more than records are one event, at the first record's time", () => {
    const document = `{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{"timestamp":1714557600000,"message":"a"}]}`;
    expect(reading([document]).events).toEqual([`${at(1)} ${document}`]);
  });

  it("that hold records without times are one event", () => {
    expect(reading([record(1), '[{"a":1},{"a":2}]']).events).toEqual([
      `${at(1)} ${record(1)}`,
      `${at(1)} [{"a":1},{"a":2}]`,
    ]);
  });

  it("that are cut off are text, with the time that can be read", () => {
    const [whole, cut] = [record(1), record(2).slice(0, -1)];
    expect(reading([whole, cut, `${whole}${cut}`]).events).toEqual([
      `${at(1)} ${whole}`,
      `${at(2)} ${cut}`,
      `${at(1)} ${whole}${cut}`,
    ]);
  });

  it("do not end where nothing closes them", () => {
    const lines = ["{", '  "timestamp": "2024-05-01T10:00:00Z",', "2024-05-02T10:00:00Z next"];
    expect(reading(lines).events).toEqual([`${at(2)} ${lines.slice(0, 2).join("\n")}`, `${at(2)} ${lines[2]}`]);
  });
});

describe("XML elements", () => {
  const event = (day: number, indent = "") => [
    `${indent}<Event>`,
    `${indent}  <System>`,
    `${indent}    <TimeCreated SystemTime="2024-05-0${day}T10:00:00Z" />`,
    `${indent}  </System>`,
    `${indent}</Event>`,
  ];

  it("of several lines are an event each, with their own time", () => {
    const record = [
      "<record>",
      "  <date>2024-05-02T10:00:00Z</date>",
      "  <param>a</param>",
      "  <param>b</param>",
      "</record>",
    ];
    expect(reading([...event(1), ...record]).events).toEqual([
      `${at(1)} ${event(1).join("\n")}`,
      `${at(2)} ${record.join("\n")}`,
    ]);
  });

  it("are taken out of the one that holds them", () => {
    const lines = ["<Events>", ...event(1, "  "), ...event(2, "  "), "</Events>"];
    expect(reading(lines).events).toEqual([
      `${at(1)} <Events>`,
      `${at(1)} ${event(1, "  ").join("\n")}`,
      `${at(2)} ${event(2, "  ").join("\n")}`,
      `${at(2)} </Events>`,
    ]);
  });

  it("of a message state no time of a line's own, nor do those without an end", () => {
    const message = ["<Envelope>", "  <Timestamp>2019-01-01T00:00:00Z</Timestamp>", "</Envelope>"];
    for (const lines of [message, event(2).slice(0, -1)])
      expect(reading([record(1), ...lines, record(3)]).times.join("")).toBe(at(1) + at(3));
  });
});
