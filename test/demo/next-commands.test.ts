import { nextCommands } from "../../apps/demo/next-commands";

/** What a newcomer is offered to paste into a shell. */

const subject = { account: "111122223333", logGroup: "/ecs/ingest", day: "2026-11-20" };

test("the commands are about a log group that is there, in the archive where it lies", () => {
  expect(nextCommands({ subject }, ".emulator")).toEqual([
    "npx org-log-archive query --account 111122223333 --log-group /ecs/ingest --from 2026-11-20 --to 2026-11-20 --limit 5",
    "npx org-log-archive coverage --html coverage.html",
    "npx org-log-archive prove --account 111122223333 --log-group /ecs/ingest --from 2026-11-20",
  ]);
  expect(nextCommands({ subject }, "../elsewhere/.emulator")[1]).toBe(
    "npx org-log-archive coverage --html coverage.html --archive ../elsewhere/.emulator/s3",
  );
});

test("a name that a shell would take apart is quoted", () => {
  const [query] = nextCommands({ subject: { ...subject, logGroup: "it's #1; $(date)" } }, ".emulator");
  expect(query).toContain(`--log-group 'it'\\''s #1; $(date)' --from`);
});

test("after faults they lead from one that failed to its cause, and to the cure", () => {
  const fault = {
    ...{ what: "every export task fails", account: "222233334444", name: "prod-web", regions: ["eu-central-1"] },
    ...{ logGroup: "/ecs/search", expected: { outcome: "failed" as const }, asExpected: true, found: [] },
  };
  expect(nextCommands({ subject, faults: [fault] }, ".emulator")).toEqual([
    "npx org-log-archive why 222233334444 /ecs/search 2026-11-20",
    "npx org-log-archive coverage --html coverage.html",
    "npm start -- --keep",
  ]);
});
