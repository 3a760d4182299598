import { reading } from "./support/reading";

const first = "2024-05-01 10:00:00,123 ERROR request failed";
const next = "2024-05-01 10:00:01,123 INFO next";
const messages = (lines: readonly string[]) =>
  reading([first, ...lines, next]).events.map((event) => event.slice("2024-05-01T10:00:00.123Z ".length));

const java = [
  "java.lang.IllegalStateException: no",
  "\tat com.example.Main.run(Main.java:7)",
  "\t... 12 more",
  "Suppressed: java.io.IOException: also",
  "\tat com.example.Main.close(Main.java:9)",
  "Caused by: java.io.IOException: because",
  "\tat com.example.Main.read(Main.java:8)",
];
const python = [
  "Traceback (most recent call last):",
  '  File "a.py", line 1, in <module>',
  "    a()",
  "KeyError: 'a'",
  "",
  "During handling of the above exception, another exception occurred:",
  "",
  "Traceback (most recent call last):",
  '  File "a.py", line 3, in <module>',
  "    b()",
  "my.errors.CustomError: b",
];
const node = ["TypeError: x is not a function", "    at run (/srv/a.js:1:2) {", "  code: 'X'", "}"];
const dotnet = [
  "System.InvalidOperationException: no",
  " ---> System.IO.IOException: because",
  "   at App.Main()",
  "--- End of stack trace from previous location ---",
  "   at App.Run()",
];
const php = ["PHP Stack trace:", "#0 /srv/a.php(1): f()", "#1 {main}", "  thrown in /srv/a.php on line 1"];
const ruby = [
  "NoMethodError (undefined method `x' for nil):",
  "  ",
  "app/a.rb:1:in `b'",
  "from app/c.rb:2:in 'Object#d'",
];
const dump = ["  {", "    a: [", "      1", "    ]", "  }", "}"];

describe("a line that states no time", () => {
  it.each([
    ["Java's stack trace", java],
    ["Python's traceback", python],
    ["an error of Node", node],
    [".NET's stack trace", dotnet],
    ["PHP's stack trace", php],
    ["an indented block and what closes it", dump],
    ["empty lines and indented ones", ["", "  a", "", "\tb"]],
  ])("goes on with the event before it: %s", (_, lines) =>
    expect(messages(lines)).toEqual([[first, ...lines].join("\n"), next]),
  );

  it("is an event of its own where all lines are indented alike", () => {
    const lines = ["  12.345678 usb: new", "  13.456789 usb: gone", "      more of it", "", "  14.5 end"];
    expect(reading(lines).events.map((event) => event.slice("2026-11-26T12:00:00.000Z ".length))).toEqual([
      lines[0],
      lines.slice(1, 4).join("\n"),
      lines[4],
    ]);
  });

  it("goes on with a stack trace of Ruby, which is an event of its own", () => {
    expect(messages(ruby)).toEqual([first, ruby.join("\n"), next]);
  });

  it("goes on with a stack trace of Go, which is an event of its own", () => {
    const trace = [
      "panic: no",
      "",
      "goroutine 1 [running]:",
      "main.main()",
      "\t/srv/a.go:12 +0x1d",
      "created by main.init",
      "\t/srv/a.go:3 +0x1",
    ];
    expect(messages([...trace, "exit status 2"])).toEqual([first, trace.join("\n"), "exit status 2", next]);
  });

  it("is an event of its own at the time before, whatever else it says", () => {
    const lines = ["customers:", "4155550123 | A", "Error: no connection", "}", "select *", "- item"];
    expect(reading([first, ...lines, next]).events.map((event) => event.slice(0, 24))).toEqual([
      ...Array.from({ length: 7 }, () => "2024-05-01T10:00:00.123Z"),
      "2024-05-01T10:00:01.123Z",
    ]);
    expect(messages(lines)).toEqual([first, ...lines, next]);
  });

  it("begins an event for each error in a file of nothing else", () => {
    const lines = ["TypeError: a", "    at f (a.js:1:2)", "TypeError: b", "    at g (a.js:1:2)", "done"];
    expect(reading(lines).events).toHaveLength(3);
  });
});
