import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountIds, days, sought, writeQuestionsArchive } from "./questions-archive";
import { seal } from "./sealing";
import { progress, type Subject, tableOf } from "./subject";
import { shell, type Taken, take } from "./timed-command";

/** What one question costs with one tool. */
interface Answered extends Taken {
  readonly question: string;
  readonly tool: string;
  readonly peakBytes?: number;
}

interface QuestionToAsk {
  readonly question: string;
  /** SQL over `events`, and over `lines` (`line`, `filename`) for DuckDB's own reader of text. */
  readonly events: string;
  readonly lines: string;
  /** Below the bucket: what is read. */
  readonly below: string;
  /** For tools that look for a text. */
  readonly text?: string;
}

const oneDay = `*/${sought.day}`;
const message = "line[26:]";
const asked: readonly QuestionToAsk[] = [
  {
    question: "needle",
    events: `SELECT * FROM events WHERE contains(message, '${sought.needle}')`,
    lines: `SELECT * FROM lines WHERE contains(line, '${sought.needle}')`,
    below: "*",
    text: sought.needle,
  },
  {
    question: "address-day",
    events: `SELECT * FROM events WHERE day = '${sought.day}' AND contains(message, '${sought.address}')`,
    lines: `SELECT * FROM lines WHERE contains(line, '${sought.address}')`,
    below: oneDay,
    text: sought.address,
  },
  {
    question: "count-by-group",
    events: "SELECT log_group, count(*) FROM events GROUP BY 1",
    lines: "SELECT split_part(filename, '/', -3), count(*) FROM lines GROUP BY 1",
    below: "*",
  },
  {
    question: "group-hour",
    events: `SELECT * FROM events WHERE account = '${sought.account}' AND day = '${sought.day}' AND log_group = '${sought.logGroup}' AND ts >= '${sought.day} 10:00' AND ts < '${sought.day} 11:00'`,
    lines: `SELECT * FROM lines WHERE line[:13] = '${sought.day}T10'`,
    below: `${sought.account}/${sought.day}`,
  },
  {
    question: "top-errors",
    events: `SELECT regexp_extract(message, 'OrderError: (\\w+)', 1) AS error, count(*) FROM events WHERE regexp_matches(message, 'OrderError') GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    lines: `SELECT regexp_extract(${message}, 'OrderError: (\\w+)', 1) AS error, count(*) FROM lines WHERE regexp_matches(line, 'OrderError') GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    below: "*",
  },
];

const tool = join(__dirname, "..", "apps", "cli", "org-log-archive.js");

/** Writes what the process held at the most when it ends. */
const peakScript = `const { isMainThread } = require("node:worker_threads");
if (isMainThread) process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS * 1024)));`;

/** DuckDB's own readers: a program that takes what makes a view, and SQL. */
const duckdb = `const { DuckDBInstance } = require("@duckdb/node-api");
(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const [view, sql] = process.argv.slice(1);
  await connection.run(view);
  const result = await connection.stream(sql);
  for await (const rows of result.yieldRows()) for (const row of rows) process.stdout.write(row.join("\\t") + "\\n");
})();`;
const csvOptions =
  "header = false, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', auto_detect = false, filename = true";

/** The command of each tool that can ask a question; rg is left out where it is not installed. */
function commandsOf({ events, lines, below, text }: QuestionToAsk, archive: string, peakFile: string) {
  const bucket = join(archive, "org-log-archive-111122223333-eu-central-1");
  const files = `find ${bucket}/${below} -name '*.gz'`;
  const peak = join(archive, "peak.cjs");
  writeFileSync(peak, peakScript);
  const own = (more: readonly string[]) =>
    shell(["node", "--require", peak, tool, "query", "--archive", archive, "--json", ...more, events]);
  const lineFiles = `${bucket}/${below === "*" ? "2*" : below}/**/*.gz`;
  const commands: (readonly [tool: string, command: string, environment?: Record<string, string>])[] = [
    ["evidence", own(["--evidence"]), { PEAK_FILE: peakFile }],
    ["event-files", own([]), { PEAK_FILE: peakFile }],
    [
      "duckdb-read-csv",
      shell([
        "node",
        "-e",
        duckdb,
        `CREATE VIEW lines AS SELECT * FROM read_csv('${lineFiles}', ${csvOptions})`,
        lines,
      ]),
    ],
    [
      "duckdb-read-parquet",
      shell([
        ...["node", "-e", duckdb],
        `CREATE VIEW events AS SELECT * FROM read_parquet('${bucket}/events/*/*/*.parquet', hive_partitioning = false)`,
        events,
      ]),
    ],
  ];
  if (text === undefined) return commands;
  commands.push(["gunzip", `${files} | xargs gunzip -c > /dev/null`]);
  commands.push(["zcat-grep", `${files} | xargs zcat | grep -F ${shell([text])}`]);
  if (spawnSync("rg", ["--version"]).status === 0)
    commands.push(["rg", `${files} | xargs rg --no-filename -z -F ${shell([text])}`]);
  return commands;
}

/** Five questions over an archive of 2 GB of text, by this tool over the evidence and over event files, and by what else reads gzip or Parquet. */
export const questions: Subject = {
  name: "questions",
  measure: async ({ megabytes = 2000 }) => {
    const archive = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
    try {
      const objectBytes = Math.round((megabytes * 1e6) / (accountIds.length * days.length * 10));
      progress(`Writing ${megabytes} MB of text in 2,000 objects`);
      writeQuestionsArchive(archive, objectBytes, progress);
      progress("Sealing it, with event files");
      seal("objects of a megabyte", archive);
      const answers: Answered[] = [];
      for (const one of asked) {
        const peakFile = join(archive, "peak");
        for (const [tool, command, environment] of commandsOf(one, archive, peakFile)) {
          progress(`${one.question}: ${tool}`);
          const taken = await take(command, environment);
          const peak = environment ? { peakBytes: Number(readFileSync(peakFile, "utf8")) } : {};
          answers.push({ question: one.question, tool, ...taken, ...peak });
        }
      }
      const rows = answers.map(({ question, tool, cpuSeconds, wallSeconds, firstRowSeconds = "", peakBytes }) => [
        ...[question, tool, cpuSeconds, wallSeconds, firstRowSeconds],
        peakBytes === undefined ? "" : Math.round(peakBytes / 1024 ** 2),
      ]);
      const head = ["Question", "Tool", "CPU s", "Wall s", "First row s", "Peak MB"];
      const without = answers.some(({ tool }) => tool === "rg") ? "" : "\nrg is not installed here, and was left out.";
      return {
        results: { questions: answers, questionsMegabytes: megabytes },
        tables: [`${tableOf(head, rows)}${without}`],
      };
    } finally {
      rmSync(archive, { recursive: true, force: true });
    }
  },
};
