import fc from "fast-check";
import { itemAt } from "../../../handlers/archive/items";
import { historyEvents, historyOfStep } from "../../../handlers/contract/history";
import { exportRequest, hasOurName, isTaskOf } from "../../../handlers/run-export-tasks/export-request";
import { remedyFor, splitWindow } from "../../../handlers/run-export-tasks/failed-task";
import { LookBudget } from "../../../handlers/run-export-tasks/look-budget";
import {
  earliestEnd,
  historyForSteps,
  longestWaitInsideMs,
  lookDelay,
  patientDelay,
  shortestStepMs,
} from "../../../handlers/run-export-tasks/pacing";
import { day, plan as examplePlan, exportTask, hour, plannedLogGroup, utcDay } from "../support/examples";
import { holds } from "../support/property";

const window = utcDay("2026-11-19");

const minute = 60_000;
const unknown = { dayBefore: null, latest: [] };

describe("the time between two looks at a task", () => {
  const known = (dayBefore: number) => ({ dayBefore, latest: [] });

  it("costs the slot no more than a hundredth of the task's own time, or what a few looks a second cost", () => {
    holds(
      fc.property(fc.integer({ min: 0, max: day }), (age) => {
        expect(lookDelay(age, unknown)).toBeGreaterThanOrEqual(80);
        expect(lookDelay(age, unknown)).toBeLessThanOrEqual(Math.max(160, Math.round(0.025 * age)));
        expect(lookDelay(age, known(hour))).toBeLessThanOrEqual(Math.max(160, Math.round(0.01 * age)));
      }),
    );
  });

  it("is spent in the Lambda for tasks of minutes, and in a Wait state for tasks of hours", () => {
    expect(lookDelay(29 * minute, unknown)).toBeLessThanOrEqual(longestWaitInsideMs);
    expect(lookDelay(2 * hour, unknown)).toBeGreaterThan(longestWaitInsideMs);
  });

  it("grows to five minutes for what is not ours", () => {
    const delays = Array.from({ length: 100 }, (_, index) => patientDelay(index * 5 * minute));
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
    expect([delays[0], delays.at(-1)]).toEqual([3_000, 300_000]);
  });
});

describe("the end of a task", () => {
  const some = fc.array(fc.integer({ min: 1_000, max: hour }), { minLength: 4, maxLength: 20 });

  it("is expected when two thirds of the day before's time have passed", () => {
    expect(earliestEnd({ dayBefore: 30 * minute, latest: [] })).toBe(0.65 * 30 * minute);
  });

  it("is expected no earlier than those of the account's latest tasks that agree, with the day before too", () => {
    expect(earliestEnd({ dayBefore: null, latest: Array(8).fill(minute) })).toBe(0.92 * minute);
    expect(earliestEnd({ dayBefore: 1.2 * minute, latest: Array(8).fill(minute) })).toBe(0.92 * minute);
    expect(earliestEnd({ dayBefore: 10 * minute, latest: Array(8).fill(minute) })).toBe(6.5 * minute);
  });

  it("may come at once as long as nothing is known", () => {
    expect(earliestEnd(unknown)).toBeLessThan(1000);
    expect(earliestEnd({ dayBefore: null, latest: [hour, hour] })).toBeLessThan(1000);
  });

  it("is never expected after the end of each of the tasks that it is expected by", () => {
    holds(
      fc.property(some, fc.option(fc.integer({ min: 1_000, max: hour })), (latest, dayBefore) => {
        const least = Math.min(...latest.slice(-8), ...(dayBefore === null ? [] : [dayBefore]));
        expect(earliestEnd({ dayBefore: null, latest })).toBeLessThan(Math.min(...latest.slice(-8)));
        if (dayBefore !== null) expect(earliestEnd({ dayBefore, latest })).toBeLessThan(Math.max(2 * least, dayBefore));
      }),
    );
  });
});

describe("the looks of a step", () => {
  it("are a few at a time, and half of what CloudWatch Logs allows in the long run, whenever they are asked for", () => {
    holds(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 300 }), (pauses) => {
        const budget = new LookBudget();
        const taken: number[] = [];
        for (const pause of pauses) taken.push(budget.take((taken.at(-1) ?? 0) + pause));
        taken.forEach((moment, index) => {
          const within = taken.slice(0, index + 1).filter((each) => each > moment - 10_000);
          expect(within.length).toBeLessThanOrEqual(18 + 24 + 1);
        });
      }),
    );
  });

  it("are not put off while there are few", () => {
    const budget = new LookBudget();
    const asked = Array.from({ length: 100 }, (_, index) => 1000 + index * 400);
    expect(asked.map((moment) => budget.take(moment))).toEqual(asked);
  });
});

describe("the history of an account's execution", () => {
  /** Steps that end at once, one after the other, until the deadline; `retries` of each. */
  function filledBy(runMs: number, retries: (step: number) => number) {
    let events = 8;
    let now = 0;
    let steps = 0;
    for (; now < runMs; steps += 1) {
      now += Math.max(1000, shortestStepMs(events, runMs - now));
      events += historyOfStep + historyEvents.retry * retries(steps);
    }
    return { events, steps };
  }

  it("lasts for a month of steps that all want to hand back after a second, with any retries that leave room", () => {
    holds(
      fc.property(
        fc.integer({ min: hour, max: 31 * day }),
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 }),
        (runMs, retries) => {
          const { events } = filledBy(runMs, (step) => retries[step % retries.length] ?? 0);
          expect(events).toBeLessThanOrEqual(historyForSteps + 2 * (historyOfStep + 20 * historyEvents.retry));
        },
      ),
    );
  });

  it("lasts through a burst of retries at its very end", () => {
    const { events } = filledBy(7 * day, (step) => (step > 1300 ? 400 : 0));
    expect(events).toBeGreaterThan(historyForSteps - historyOfStep);
    expect(events).toBeLessThan(historyForSteps + 2 * 400 * historyEvents.retry);
  });

  it("does not slow a day's steps of two minutes", () => {
    for (let step = 0; step < 690; step += 1) expect(shortestStepMs(step * historyOfStep, day)).toBe(0);
  });

  it("is no longer spared once the deadline has passed", () => expect(shortestStepMs(historyForSteps, -1)).toBe(0));
});

describe("a window that took too long", () => {
  const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });

  it("is cut in two that tile it, at the same moment whoever cuts", () => {
    holds(
      fc.property(moment, fc.integer({ min: 2, max: day }), (from, length) => {
        const [first, second] = splitWindow({ from, to: from + length });
        expect(first).toEqual({ from, to: second.from });
        expect(second.to).toBe(from + length);
        expect(first.to).toBeGreaterThan(from);
        expect(second.to).toBeGreaterThan(second.from);
      }),
    );
  });

  it("ends as windows of a millisecond, which are not cut again", () => {
    const late = exportTask({ status: "FAILED", createdAt: 0, completedAt: day });
    expect(remedyFor(late, { from: 0, to: 2 })).toBe("split-window");
    expect(remedyFor(late, { from: 0, to: 1 })).toBe("try-again");
  });
});

describe("a task that failed", () => {
  const failed = (message: string, age = 60_000) =>
    remedyFor(exportTask({ status: "FAILED", message, createdAt: 0, completedAt: age }), window);

  it("timed out if it failed at 23.5 hours or later", () => {
    expect(failed("An internal error occurred.", 23.5 * hour)).toBe("split-window");
    expect(failed("An internal error occurred.", 23.5 * hour - 1)).toBe("try-again");
  });

  it("was denied the bucket or the key if its message says so", () => {
    expect(failed("PutObject call on the given bucket failed.")).toBe("bucket-permission");
    expect(failed("Access to the KMS key was denied.")).toBe("key-access-denied");
  });

  it("was not denied anything because its log group has such a name", () => {
    const message = "Export of log-group:/aws/kms/PutObject failed.";
    const task = exportTask({
      status: "FAILED",
      logGroup: "/aws/kms/PutObject",
      message,
      createdAt: 0,
      completedAt: 1,
    });
    expect(remedyFor(task, window)).toBe("try-again");
  });

  it("is tried again otherwise, and so is one that was cancelled, however late", () => {
    expect(failed("")).toBe("try-again");
    expect(remedyFor(exportTask({ status: "CANCELLED", createdAt: 0, completedAt: day }), window)).toBe("try-again");
  });
});

describe("an own task", () => {
  const plan = examplePlan({
    days: [utcDay("2026-11-19"), utcDay("2026-11-18")],
    logGroups: [plannedLogGroup("/a/b"), plannedLogGroup("/a-b")],
    items: [0, 0, 1, 0, 0, 1],
  });
  const request = exportRequest(plan, "bucket", itemAt(plan, 2), utcDay("2026-11-18"));
  const own = exportTask({ ...request });

  it("has a name that any run would give it, and no other item or window", () => {
    const requests = [0, 1, 2].map((index) =>
      exportRequest(plan, "bucket", itemAt(plan, index), itemAt(plan, index).day),
    );
    const half = exportRequest(plan, "bucket", itemAt(plan, 0), splitWindow(utcDay("2026-11-19"))[0]);
    expect(new Set([...requests, half].map(({ taskName }) => taskName)).size).toBe(4);
    expect(exportRequest({ ...plan, runId: "run-2" }, "bucket", itemAt(plan, 2), utcDay("2026-11-18"))).toEqual(
      request,
    );
    expect(request.taskName.length).toBeLessThanOrEqual(512);
  });

  it("is recognised by all that it was created with: anybody may use a name", () => {
    expect(isTaskOf(own, request)).toBe(true);
    const others = [
      { taskName: "manual" },
      { logGroup: "/a-b" },
      { from: own.from + 1 },
      { to: own.to - 1 },
      { bucket: "elsewhere" },
      { destinationPrefix: "exportedlogs" },
    ];
    for (const other of others) expect(isTaskOf({ ...own, ...other }, request)).toBe(false);
  });

  it("goes by our name in our bucket, whatever it exports", () => {
    expect(hasOurName({ ...own, logGroup: "/c" }, "bucket")).toBe(true);
    expect(hasOurName({ ...own, taskName: "manual" }, "bucket")).toBe(false);
    expect(hasOurName(own, "elsewhere")).toBe(false);
  });
});
