import { ActorTimedOut, ClockStalled, VirtualClock } from "../../../apps/emulator/world/clock";

const start = Date.UTC(2026, 0, 1);

test("time passes only when every actor waits, and goes straight to the next timer", async () => {
  const clock = new VirtualClock({ start });
  const seen: number[] = [];
  await Promise.all([
    clock.run(async () => {
      await clock.sleep(10_000);
      seen.push(clock.now() - start);
    }),
    clock.run(async () => {
      // Work that takes real time, but no time of the clock.
      await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
      seen.push(clock.now() - start);
      await clock.sleep(4_000);
      seen.push(clock.now() - start);
    }),
  ]);
  expect(seen).toEqual([0, 4_000, 10_000]);
});

test("actors take turns: one that is woken runs until it waits before another one is woken", async () => {
  const clock = new VirtualClock({ start });
  const log: string[] = [];
  const actor = (name: string) =>
    clock.run(async () => {
      for (const round of [1, 2]) {
        log.push(`${name}${round} begins`);
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        log.push(`${name}${round} ends`);
        await clock.sleep(1_000);
      }
    });
  await Promise.all([actor("a"), actor("b")]);
  expect(log).toEqual(["a1", "b1", "a2", "b2"].flatMap((step) => [`${step} begins`, `${step} ends`]));
});

test("an actor that waits for its children lets time pass for them", async () => {
  const clock = new VirtualClock({ start });
  const sum = await clock.run(async () => {
    const children = [1, 2, 3].map((n) =>
      clock.run(async () => {
        await clock.sleep(n * 1_000);
        return n;
      }),
    );
    return (await Promise.all(children)).reduce((total, n) => total + n);
  });
  expect([sum, clock.now() - start]).toEqual([6, 3_000]);
});

test("no time passes while a request is in flight, also if another flow of the same actor sleeps", async () => {
  const clock = new VirtualClock({ start });
  const answeredAt = await clock.run(async () => {
    const sleeping = clock.sleep(60_000);
    const end = clock.request();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const at = clock.now();
    end();
    await sleeping;
    return at;
  });
  expect(answeredAt).toBe(start);
});

test("a simulation in which all actors wait for nothing fails instead of hanging", async () => {
  const clock = new VirtualClock({ start });
  await expect(clock.run(() => clock.idle(new Promise(() => {})))).rejects.toThrow(ClockStalled);
});

test("an actor that waits for something unknown to the clock fails instead of hanging", async () => {
  const clock = new VirtualClock({ start, patienceMilliseconds: 5 });
  await expect(clock.run(() => new Promise(() => {}))).rejects.toThrow(ClockStalled);
});

test("an actor whose time is over is rejected, and never goes on", async () => {
  const clock = new VirtualClock({ start });
  let wentOn = false;
  const late = clock.run(
    async () => {
      await clock.sleep(5_000);
      wentOn = true;
    },
    { timeoutMilliseconds: 3_000 },
  );
  await expect(late).rejects.toThrow(ActorTimedOut);
  expect(clock.now()).toBe(start + 3_000);
  await clock.run(() => clock.sleep(60_000));
  expect(wentOn).toBe(false);
});
