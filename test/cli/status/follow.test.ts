import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { accountListKey, reportKey, summaryKey } from "../../../handlers/archive/layout";
import { account, bucket, noRole } from "../../audit/support/archive";
import { archiveFolder } from "../../query/support/archive-folder";
import { useArchive } from "../../query/support/use-archive";
import { OnTerminal } from "../support/terminal";

/** `status --follow` on a terminal: one view, drawn again where it stands, until the run has ended. */

const archive = useArchive();

test("it is drawn again in place, and ends with the run", async () => {
  const ending = [reportKey("run-1"), summaryKey("run-1", account, 1), summaryKey("run-1", noRole, 1)];
  const ofRun = archive.objects.filter((one) => one.bucket === bucket);
  const begun = ofRun.flatMap((one) => {
    if (ending.includes(one.key)) return [];
    if (one.key !== accountListKey("run-1")) return [one];
    const list = JSON.parse(one.body.toString());
    return [{ ...one, body: Buffer.from(JSON.stringify({ ...list, deadline: "2999-01-01T00:00:00.000Z" })) }];
  });
  const folder = archiveFolder(begun);
  const follow = new OnTerminal(["status", "--follow", "--archive", folder], 80, {}, 40);
  expect(await follow.shows("run run-1  running")).toBe(true);
  // The report comes last, as in a run.
  for (const key of [...ending].reverse()) {
    const file = join(folder, bucket, ...key.split("/"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, ofRun.find((one) => one.key === key)?.body ?? "");
  }
  const { code, text } = await follow.ended();
  const [first = "", ...others] = text.split("run run-1  ");
  expect(others.map((view) => view.split("\n")[0]?.trim())).toEqual(["running", "incomplete"]);
  // Between the views the lines of the first are erased, one after another upwards.
  const lines = `${first}${others[0]}`.split("\n").length - 1;
  const erased = (others[0] ?? "").split("\u001b[1A").length - 1;
  expect(erased).toBeGreaterThan(4);
  expect(erased).toBeLessThanOrEqual(lines);
  expect(code).toBe(1);
});
