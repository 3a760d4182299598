import type { Answer } from "../../query/archive-database";
import type { KnownAccounts } from "../../query/known-accounts";

/** An answer to one of Athena's questions, which knows accounts by id: their names stand beside the ids. */
export function withAccountNames(answer: Answer, accounts: Pick<KnownAccounts, "nameOf">): Answer {
  const at = answer.columns.indexOf("account");
  if (at === -1 || answer.columns.includes("account_name")) return answer;
  const inserted = <T>(row: readonly T[], value: T) => [...row.slice(0, at + 1), value, ...row.slice(at + 1)];
  async function* batches(): Answer["batches"] {
    for await (const rows of answer.batches)
      yield rows.map((row) => inserted(row, accounts.nameOf(String(row[at])) ?? null));
  }
  return { ...answer, columns: inserted(answer.columns, "account_name"), batches: batches() };
}
