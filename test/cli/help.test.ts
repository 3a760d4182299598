import { orgLogArchive } from "./support/command";

/** The operator's commands are asked for help at night, on a terminal of 80 columns. */

test.each(["plan", "status", "why"])(
  "the help of %s fits a screen, and says what its exit codes mean",
  async (command) => {
    const { code, out } = await orgLogArchive([command, "--help"], { COLUMNS: "80" });
    const lines = out.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(34);
    expect(out).toContain("Exit codes: 0 ");
  },
);
