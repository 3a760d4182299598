import { nextCommands, onLines } from "../../apps/demo/next-commands";

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

test("a proof is offered with the keys and heads that it takes", () => {
  const result = { archive: "s3", buckets: [], hasKey: true, hasHead: true, deep: true, unusedKeys: [], findings: [] };
  const verification = { keyFiles: [".emulator/kms/eu-central-1.pem"], heads: ["1:abc"], result };
  expect(nextCommands({ subject, verification }, ".emulator")[2]).toBe(
    "npx org-log-archive prove --account 111122223333 --log-group /ecs/ingest --from 2026-11-20 --deep --public-key .emulator/kms/eu-central-1.pem --head 1:abc",
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

test("after damage they are about the damage: its story, all findings with the keys and heads to judge by, and the next run", () => {
  const common = { bucket: "b", detail: "a key" };
  const place = { account: "222233334444", day: "2026-11-19", logGroup: "/ecs/it's" };
  const verification = {
    keyFiles: [".emulator/kms/eu-central-1.pem"],
    heads: ["1:abc"],
    result: {
      ...{ archive: ".emulator/s3", buckets: [], hasKey: true, hasHead: true, deep: true, unusedKeys: [] },
      findings: [
        { kind: "orphan-folder" as const, ...common, ...place, account: "333344445555" },
        { kind: "broken-digests" as const, ...common },
        { kind: "changed-object" as const, ...common, ...place },
      ],
    },
  };
  expect(nextCommands({ subject, verification }, ".emulator")).toEqual([
    `npx org-log-archive why 222233334444 '/ecs/it'\\''s' 2026-11-19`,
    "npx org-log-archive verify --deep --public-key .emulator/kms/eu-central-1.pem --head 1:abc --json > findings.json",
    "npm start -- --keep",
  ]);
});

test("a long command is broken before its options, so that each keeps its value, and a quoted text stays whole", () => {
  const [query = ""] = nextCommands({ subject }, ".emulator");
  expect(onLines(query, 76).split(" \\\n    ")).toEqual([
    "npx org-log-archive query --account 111122223333 --log-group /ecs/ingest",
    "--from 2026-11-20 --to 2026-11-20 --limit 5",
  ]);
  const quoted = "npx org-log-archive why 111122223333 'a --b' 2026-11-20";
  expect(onLines(quoted, 20)).toBe(quoted);
});
