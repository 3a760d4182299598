import { receiptKey } from "../../../handlers/archive/layout";
import { dayWindow } from "../../../handlers/calendar/days";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account } from "../support/examples";
import { death, on } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const emulateAccount = () => emulate({ world: world([logGroup("/a")]) });
const open = (emulated: Emulated, dayTimeZone: string, runId = "run-2") =>
  new HandlerCalls(emulated, { runId, dayTimeZone }).listAccounts();

/** A receipt of an earlier time, as far as its day goes. */
function plant(emulated: Emulated, day: string, timeZone: string): void {
  const [first] = emulated.receipts();
  const receipt = { ...first, ...dayWindow(day, timeZone), runId: "an-old-run" };
  emulated.put(receiptKey(day, account, "/a", 1), JSON.stringify(receipt));
}

it("refuses another zone than that of the receipts, naming both and what to do, before anything is written", async () => {
  const emulated = await emulateAccount();
  await runOnce(emulated);
  const before = emulated.keys();
  await expect(open(emulated, "Asia/Kolkata")).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringMatching(
      /in Asia\/Kolkata the day 2026-11-19 goes from 2026-11-18T18:30.*has it in UTC, from 2026-11-19T00:00.*set dayTimeZone back to UTC/,
    ),
  });
  expect(emulated.keys()).toEqual(before);
});

it("takes another name for the same days", async () => {
  const emulated = await emulateAccount();
  await runOnce(emulated, { dayTimeZone: "Europe/Berlin" });
  expect((await open(emulated, "Europe/Paris")).days[0]).toMatchObject({ day: yesterday });
});

it("sees in summer's receipts what winter's do not show", async () => {
  const emulated = await emulateAccount();
  await runOnce(emulated);
  await expect(open(emulated, "Europe/London", "run-2")).resolves.toBeDefined();
  plant(emulated, "2026-07-14", "UTC");
  await expect(open(emulated, "Europe/London", "run-3")).rejects.toThrow(/2026-07-14 .*has it in another zone/);
});

it("looks at receipts that are older than the look-back", async () => {
  const emulated = await emulateAccount();
  await runOnce(emulated);
  await emulated.clock.sleep(60 * 24 * 3_600_000);
  await expect(open(emulated, "Asia/Tokyo")).rejects.toMatchObject({ name: "InvalidInput" });
});

it("takes any zone as long as there are no receipts", async () => {
  expect((await open(await emulateAccount(), "Asia/Tokyo")).days).toHaveLength(1);
});

it("is not stopped by one damaged receipt, and not blinded by it either", async () => {
  const emulated = await emulateAccount();
  await runOnce(emulated);
  emulated.put(`receipts/day=${yesterday}/account=000000000000/0.1.json`, "{}");
  await expect(open(emulated, "UTC", "run-2")).resolves.toBeDefined();
  await expect(open(emulated, "Asia/Tokyo", "run-3")).rejects.toMatchObject({ name: "InvalidInput" });
});

it("takes receipts that it may not list for an error, never for none", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(on("ListObjectsV2", death("before")));
  await expect(open(emulated, "Asia/Tokyo")).rejects.toThrow("Death");
});
