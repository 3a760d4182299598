import { account, days } from "../audit/support/archive";
import { useArchive } from "../query/support/use-archive";
import { orgLogArchive } from "./support/command";
import { onTerminal } from "./support/terminal";

/** Commands in a real pseudo-terminal, and in a pipe. */

const archive = useArchive();
const PAGER = "sed 's/^/paged: /'";

test.each([60, 80, 120])(
  "on a terminal of %d columns a long answer goes through the pager, and no line of it is wider",
  async (columns) => {
    const ask = ["query", "--account", account, "--from", days[0], "--archive", archive.folder];
    const { code, text } = await onTerminal(ask, columns, { PAGER });
    expect(code).toBe(0);
    const paged = text.split("\n").flatMap((line) => /^paged: (.*)$/.exec(line)?.[1] ?? []);
    expect(paged.length).toBeGreaterThan(8);
    expect(paged.filter((line) => line.length > columns)).toEqual([]);
    expect(paged.join("\n")).toContain("account_name");
    expect(text).toContain("The archive holds all that was asked for");
    expect(text).not.toContain("paged: The archive holds");
  },
);

test.each([["--raw"], ["--csv"], ["--json"]])(
  "%s is paged on a terminal, and in a pipe no pager is asked",
  async (how) => {
    const ask = ["query", "--account", account, "--log-group", "/app/web", "--from", days[0], how];
    const [terminal, piped] = await Promise.all([
      onTerminal([...ask, "--archive", archive.folder], 80, { PAGER }),
      orgLogArchive([...ask, "--archive", archive.folder], { PAGER }),
    ]);
    expect(piped.out.split("\n").length).toBeGreaterThan(8);
    expect(piped.out).not.toContain("paged: ");
    expect(terminal.text.match(/paged: /g)?.length).toBeGreaterThan(8);
  },
);
