import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { cellsOf, makeCalendar } from "../../apps/cli/coverage/calendar";
import { renderPage } from "../../apps/cli/coverage/page";
import type { CoverageLine } from "../../handlers/contract/records";
import { coverageLine } from "../handlers/support/examples";

/** The coverage page in a real browser: 1,000 accounts over a year. */

const dayMs = 86_400_000;
const firstDay = Date.UTC(2025, 10, 22);
const accounts = Array.from({ length: 1000 }, (_, index) => String(100_000_000_000 + index));
const hostile = "<img src=x onerror=document.title='owned'>";

function* year(): Generator<CoverageLine> {
  for (const [index, account] of accounts.entries())
    for (let day = 0; day < 365; day += 1) {
      const line = coverageLine({ account, day: new Date(firstDay + day * dayMs).toISOString().slice(0, 10) });
      yield line;
      if ((index * 7 + day) % 97 === 0)
        yield {
          ...line,
          logGroup: `/app/${hostile}`,
          outcome: "failed",
          reason: "export-task-failed: an internal error",
        };
    }
}

let browser: Browser;
let page: Page;
let directory: string;
const requests: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "org-log-archive-browser-"));
  const file = join(directory, "coverage.html");
  const names = new Map(accounts.map((id, index) => [id, `team-${index}`]));
  writeFileSync(file, renderPage(makeCalendar(cellsOf(year()), names), "2026-11-22T00:00:00.000Z"));
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
  await page.goto(pathToFileURL(file).href);
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

test("a click on a day that is not complete lists its log groups with the reason, as text", async () => {
  const strip = rows().first().locator("svg");
  const box = await strip.boundingBox();
  // Day 0 of the first account failed.
  await strip.click({ position: { x: (box?.width ?? 0) * (0.5 / 365), y: 9 } });
  const details = await page.locator("#details").innerText();
  expect(details).toContain("2025-11-22: partial");
  expect(details).toContain(`/app/${hostile}`);
  expect(details).toContain("export-task-failed: an internal error");
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
  expect(await page.locator("#shown").innerText()).toBe("11 of 1000 accounts");
  await page.locator("#outcome").selectOption("m");
  expect(await page.locator("#shown").innerText()).toBe("0 of 1000 accounts");
  await page.locator("#account").fill("");
  await page.locator("#outcome").selectOption("");
  expect(await rows().count()).toBe(accounts.length);
});

test("in print the calendar stands without its controls", async () => {
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("#filters").isVisible()).toBe(false);
  expect(await rows().first().isVisible()).toBe(true);
  await page.emulateMedia({ media: "screen" });
});

test("in the dark the paper is dark", async () => {
  const paper = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  await page.emulateMedia({ colorScheme: "light" });
  expect(await paper()).toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await paper()).toBe("rgb(18, 23, 30)");
});
