import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { cellsOf, makeCalendar } from "../../apps/cli/coverage/calendar";
import { renderPage } from "../../apps/cli/coverage/page";
import type { CoverageLine } from "../../handlers/archive/records";
import { reasons } from "../../handlers/contract/reasons";
import { pageFacts } from "../cli/support/page-facts";
import { coverageLine } from "../handlers/support/examples";

/** The coverage page in a real browser: 1,000 accounts over a year in two Regions. */

const dayMs = 86_400_000;
const firstDay = Date.UTC(2025, 10, 22);
const accounts = Array.from({ length: 1000 }, (_, index) => String(100_000_000_000 + index));
const regions = ["eu-central-1", "us-east-1"];
const hostile = "<img src=x onerror=document.title='owned'>";

function* year(): Generator<CoverageLine> {
  for (const [index, account] of accounts.entries())
    for (let day = 0; day < 365; day += 1) {
      const line = coverageLine({ account, day: new Date(firstDay + day * dayMs).toISOString().slice(0, 10) });
      for (const region of regions) yield { ...line, region };
      if ((index * 7 + day) % 97 === 0)
        for (const logGroup of [`/app/${hostile}`, "/app/web"])
          yield {
            ...{ ...line, logGroup, outcome: "failed", reason: "export-task-failed: an internal error" },
            ...(day > 300 ? { retentionInDays: 400 } : {}),
          };
    }
}

let browser: Browser;
let page: Page;
let directory: string;
let loadMs: number;
let bytes: number;
const requests: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "org-log-archive-browser-"));
  const file = join(directory, "coverage.html");
  const names = new Map(accounts.map((id, index) => [id, `team-${index}`]));
  writeFileSync(file, renderPage(makeCalendar(cellsOf(year()), names), pageFacts));
  bytes = statSync(file).size;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  page = await browser.newPage({ viewport: { width: 1400, height: 800 } });
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  const began = performance.now();
  await page.goto(pathToFileURL(file).href);
  loadMs = performance.now() - began;
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
});

const rows = () => page.locator("#rows .row");

test("the page draws every account, needs nothing else, and breaks no rule of its own policy", async () => {
  expect(await rows().count()).toBe(accounts.length);
  expect(requests).toHaveLength(1);
  expect(errors).toEqual([]);
});

/** Scrolls 200 pixels a frame to the end of the page; answers with the milliseconds that each frame took. */
const scrollToTheEnd = `new Promise((resolve) => {
  const frames = [];
  let last;
  const step = (now) => {
    if (last !== undefined) frames.push(now - last);
    last = now;
    const { scrollHeight } = document.documentElement;
    if (scrollY + innerHeight >= scrollHeight - 1) resolve(frames);
    else {
      scrollBy(0, 200);
      requestAnimationFrame(step);
    }
  };
  requestAnimationFrame(step);
})`;

test("the page loads and scrolls to its last account; how fast, and how it looks, is printed", async () => {
  const frames = (await page.evaluate<number[]>(scrollToTheEnd)).sort((a, b) => a - b);
  const share = (of: number) => `${(frames[Math.floor(frames.length * of)] ?? 0).toFixed(1)} ms`;
  const box = await rows().last().boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect(box?.y).toBeLessThan(800);
  expect(frames.length).toBeGreaterThan(10);
  await page.evaluate("scrollTo(0, 0)");
  const screenshot = join(mkdtempSync(join(tmpdir(), "org-log-archive-screenshot-")), "coverage.png");
  await page.screenshot({ path: screenshot });
  expect(statSync(screenshot).size).toBeGreaterThan(0);
  process.stdout.write(
    `Coverage page of ${accounts.length} accounts, 365 days, ${regions.length} Regions (${(bytes / 1024 ** 2).toFixed(1)} MB): ` +
      `loaded in ${Math.round(loadMs)} ms; a frame while scrolling: median ${share(0.5)}, p95 ${share(0.95)} of ${frames.length}\n` +
      `Screenshot: ${screenshot}\n`,
  );
});

test("a click on a day that is not complete lists its log groups with the reason, as text", async () => {
  const strip = rows().first().locator("svg").first();
  const box = await strip.boundingBox();
  // Day 0 of the first account failed.
  await strip.click({ position: { x: (box?.width ?? 0) * (0.5 / 365), y: 9 } });
  const details = await page.locator("#details").innerText();
  expect(details).toContain("2025-11-22: eu-central-1 partial, us-east-1 complete");
  expect(details).toContain(`/app/${hostile}`);
  // Of both log groups, told once.
  expect(details.match(/export-task-failed: an internal error/g)).toHaveLength(1);
  expect(details).toContain(`/app/web\neu-central-1: export-task-failed`);
  expect(details).toContain(reasons["export-task-failed"]);
  expect(await page.title()).toBe("Coverage of the log archive");
});

test("the keyboard reaches every account and day", async () => {
  await rows().first().focus();
  for (const key of ["End", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
  const details = await page.locator("#details").innerText();
  expect(details).toContain(`${accounts[1]} team-1`);
  expect(details).toContain("2026-11-20");
});

test("filters narrow the accounts down, and say how many are left", async () => {
  await page.locator("#account").fill("team-77");
  expect(await page.locator("#shown").innerText()).toBe("11 of 1,000 accounts");
  await page.locator("#outcome").selectOption("m");
  expect(await page.locator("#shown").innerText()).toBe("0 of 1,000 accounts");
  await page.locator("#account").fill("");
  await page.locator("#outcome").selectOption("");
  expect(await rows().count()).toBe(accounts.length);
});

test("a page stays small, however many accounts and days it has", () => {
  expect(bytes).toBeLessThan(1_000_000);
});

test("the first screen says what is not complete, why, and what that means", async () => {
  await page.evaluate("scrollTo(0, 0)");
  const reason = page.locator("article").first();
  expect((await reason.boundingBox())?.y).toBeLessThan(600);
  const text = await reason.innerText();
  expect(text).toContain("export-task-failed");
  expect(text).toContain("CloudWatch Logs failed the export task. The next run tries again.");
  expect(text).toContain(`${accounts[0]} team-0`);
  expect(await page.locator("#verdict").innerText()).toMatch(/^Incomplete: [\d,]+ of 730,000 account days/);
});

test("each Region of an account has days of its own, with its name beside them", async () => {
  const lanes = rows().first().locator(".lane");
  expect(await lanes.allInnerTexts()).toEqual(regions);
  const drawn = await lanes.evaluateAll((found) => found.map((one) => one.querySelectorAll("rect.p").length > 0));
  expect(drawn).toEqual([true, false]);
  await page.locator("#region").selectOption("1");
  expect(await lanes.allInnerTexts()).toEqual(["us-east-1"]);
  await page.locator("#region").selectOption("-1");
});

test("months are named where they begin, under their year, where a year is too long for its days", async () => {
  const labels = await page
    .locator("#axis text")
    .evaluateAll((texts) => texts.map((one) => [one.textContent ?? "", one.getAttribute("x") ?? ""]));
  const months = ["11", ...Array.from({ length: 12 }, (_, month) => String(((month + 11) % 12) + 1).padStart(2, "0"))];
  // The 21 days of the last month have room.
  expect(labels.map(([text]) => text)).toEqual(["2025", "2026", ...months]);
  const share = (day: string) => `${((Date.parse(day) - firstDay) / dayMs / 365) * 100}%`;
  expect(labels[1]).toEqual(["2026", share("2026-01-01")]);
  expect(labels.at(-2)).toEqual(["10", share("2026-10-01")]);
});

test("on a phone each day is wide enough to be told by its number, and the newest are in sight", async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  const labels = await page
    .locator("#axis text")
    .evaluateAll((texts) => texts.map((one) => ({ text: one.textContent ?? "", x: one.getBoundingClientRect().x })));
  const numbers = labels.filter(({ text }) => /^\d\d$/.test(text));
  expect(numbers).toHaveLength(365);
  const steps = numbers.slice(1).map(({ x }, index) => x - (numbers[index]?.x ?? 0));
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(16);
  expect(numbers.at(-1)?.text).toBe("21");
  expect(numbers.at(-1)?.x).toBeLessThan(400);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
  await page.setViewportSize({ width: 1400, height: 800 });
});

test("in print the page stands alone: without its controls, and with all that says what it is", async () => {
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("#filters").isVisible()).toBe(false);
  expect(await page.locator("#details").isVisible()).toBe(false);
  expect(await rows().first().isVisible()).toBe(true);
  const header = await page.locator("header").innerText();
  for (const fact of [
    "Incomplete",
    "2025-11-22 to 2026-11-21",
    "an archive",
    "org-log-archive 1.2.3",
    "a-bucket",
    "7:abc",
  ])
    expect(header).toContain(fact);
  expect(await page.locator("#legend").innerText()).toContain("partial: some are archived, and something is missing");
  expect(await page.locator("article li").nth(50).isVisible()).toBe(true);
  await page.emulateMedia({ media: "screen" });
  expect(await page.locator("article li").nth(50).isVisible()).toBe(false);
});

test("each printed sheet has the days and marks above its accounts, and at its foot what the page is about", async () => {
  await page.locator("#account").fill("team-77");
  await page.emulateMedia({ media: "print" });
  // What is repeated on each sheet is a table's head; the foot is a rule of the page's own style.
  const display = (id: string) => page.evaluate<string>(`getComputedStyle(document.getElementById("${id}")).display`);
  expect([await display("calendar"), await display("axis"), await display("rows")]).toEqual([
    "table",
    "table-header-group",
    "table-row-group",
  ]);
  expect(await page.locator("#axis .marks").innerText()).toBe("complete partial missing skipped".replaceAll(" ", ""));
  const feet = await page.evaluate<string[]>(`[...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
    .filter((rule) => rule instanceof CSSPageRule).map(({ cssText }) => cssText)`);
  const foot = feet.join(" ").replaceAll("\\/", "/");
  for (const fact of ["an archive, 2025-11-22 to 2026-11-21", "incomplete", "org-log-archive 1.2.3", "a-bucket 7:abc"])
    expect(foot).toContain(fact);
  await page.emulateMedia({ media: "screen" });
  await page.locator("#account").fill("");
});

test("what retention deletes next is listed, soonest first, and how much more there is", async () => {
  const lost = page.locator("#lost-next tbody tr");
  expect(await lost.count()).toBe(10);
  const [first = "", last = ""] = [await lost.first().innerText(), await lost.last().innerText()];
  expect(first).toMatch(/^20\d\d-\d\d-\d\d\t\d{12} team-\d+\teu-central-1\t\/app\//);
  expect(first.slice(0, 10) <= last.slice(0, 10)).toBe(true);
  expect(await page.locator("#lost-next + p").innerText()).toMatch(/And [\d,]+ log groups more/);
});

test("what a day says is in sight on a narrow screen, wherever the day is", async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  const strip = rows().nth(20).locator("svg").first();
  await strip.scrollIntoViewIfNeeded();
  await rows().nth(20).focus();
  await page.keyboard.press("End");
  const box = await page.locator("#details").boundingBox();
  expect(await page.locator("#details h3").innerText()).toBe(`${accounts[20]} team-20`);
  expect(box?.y).toBeGreaterThanOrEqual(400);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
  await page.setViewportSize({ width: 1400, height: 800 });
});

test("in the dark the paper is dark", async () => {
  const paper = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  await page.emulateMedia({ colorScheme: "light" });
  expect(await paper()).toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await paper()).toBe("rgb(18, 23, 30)");
});
