import { reasonCode } from "../../handlers/contract/reasons";

/** What a command's exit code says, the same for every command that looks at an archive. The worst that was found counts. */
export const exitCodes = {
  /** Complete, as far as was asked, and unaltered, as far as was looked. What is gone for good is named, and is no failure. */
  complete: 0,
  /** Something that should be archived is not: a run or a person can cure it. */
  incomplete: 1,
  /** The archive is not as it was written, or cannot be read. */
  altered: 2,
  /** The command could not do what was asked: wrong options, no archive, no credentials, no permission. */
  wrongUse: 3,
} as const;

/** What failed can be cured; what contradicts itself was altered. */
export function exitCodeOf(failures: readonly { readonly reason?: string | undefined }[]): number {
  if (failures.length === 0) return exitCodes.complete;
  const isAltered = failures.some(({ reason }) =>
    ["missing-receipt", "unreadable-record"].includes(reasonCode(reason ?? "") ?? ""),
  );
  return isAltered ? exitCodes.altered : exitCodes.incomplete;
}

export const exitCodesText = `
Exit codes: 0 complete and unaltered; 1 incomplete; 2 altered or unreadable;
3 wrong use, or no access to the archive.`;

/** Of the commands that answer questions: an answer says itself what it lacks. */
export const answerExitCodesText = `
Exit codes: 0 answered; 1 answered, but of what it is about something should be
archived and is not; 2 altered or unreadable; 3 wrong use, or no access to the
archive. Days that no run covered, and what is gone for good, are told and leave
it 0: --json says with "complete" whether anything is missing.`;
