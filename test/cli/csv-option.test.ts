import { csvWords } from "../../apps/cli/csv-option";
import { orgLogArchive } from "./support/command";

/** `--csv=excel` as people write it. */

test("with = it is an option, and after -- or in another word it is left alone", () => {
  expect(csvWords(["query", "--csv=excel", "SELECT 1"], "query")).toEqual({
    words: ["query", "--csv-excel", "SELECT 1"],
  });
  for (const words of [
    ["search", "--csv", "--", "--csv=exel"],
    ["search", "excel", "--csv"],
    ["search", "--csv", "except"],
    ["query", "--csv", "SELECT 1"],
  ])
    expect(csvWords(words, words[0])).toEqual({ words });
});

test.each([
  [
    ["query", "--csv", "excel"],
    '--csv excel is no format: there are --csv, for programs, and --csv=excel, for Excel. Write --csv=excel, with "=".',
  ],
  [["query", "--csv", "exel"], "Write --csv=excel"],
  [["search", "--csv", "Excel"], "To search for Excel, give it before --csv."],
  [
    ["query", "--csv=exel", "SELECT 1"],
    "--csv=exel is no format: there are --csv, for programs, and --csv=excel, for Excel. Did you mean --csv=excel?",
  ],
  [["query", "--csv=tabs", "SELECT 1"], "there are --csv, for programs, and --csv=excel, for Excel.\n"],
])("what is no --csv is refused with what there is: %j", async (words, sentence) => {
  const { code, err } = await orgLogArchive(words);
  expect(err).toContain(sentence);
  expect(code).toBe(3);
});
