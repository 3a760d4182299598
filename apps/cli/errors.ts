import { UnreadableRecord } from "../../handlers/archive/serialization";
import { InvalidInput } from "../../handlers/contract/errors";
import { InvalidQuery } from "../query/invalid-query";
import { UnreadableObject } from "../query/reading";
import { type Given, nextCommand } from "../terminal/next-command";
import { printableLines } from "../terminal/printable";
import { accessAdvice } from "./access-advice";
import { exitCodes } from "./exit-codes";
import { NotWritten } from "./written";

/** Something that a person has to change in what they asked for. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Explanation {
  /** For a person, without control characters. */
  readonly text: string;
  readonly exitCode: number;
}

/** What an error is explained by. */
export interface Asked {
  /** The command that was asked. */
  readonly command: string;
  /** What was given of where the archive is, or its deployment. */
  readonly given: Given;
  /** The environment of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const fileAdvice: Readonly<Record<string, string>> = {
  ENOENT: "does not exist. Correct the path.",
  ENOTDIR: "is not a folder. Correct the path.",
  EISDIR: "is a folder. Correct the path.",
  EACCES: "may not be opened. Correct the path, or its permissions.",
  EPERM: "may not be opened. Correct the path, or its permissions.",
  EROFS: "is on a read-only file system. Correct the path.",
  ENOSPC: "could not be written: no space left on device.",
};

/** Says what is wrong in one sentence where a person can cure it; an error of the program itself shows where it arose. */
export function explain(error: unknown, asked: Asked): Explanation {
  if (!(error instanceof Error)) return { text: printableLines(String(error)), exitCode: exitCodes.wrongUse };
  const exitCode = isDamage(error) ? exitCodes.altered : exitCodes.wrongUse;
  return { text: printableLines(sentence(error, asked)), exitCode };
}

function isDamage(error: Error): boolean {
  return error instanceof UnreadableRecord || error instanceof UnreadableObject;
}

function sentence(error: Error, { command, given, environment }: Asked): string {
  const next = nextCommand(given);
  const isTold = [UsageError, NotWritten, InvalidInput, InvalidQuery].some((kind) => error instanceof kind);
  if (isDamage(error)) return `${error.message} \`${next("verify --deep")}\` names all that is damaged.`;
  if (isTold) return error.message;
  const path = textOf(error, "path");
  const file = fileAdvice[textOf(error, "code")];
  if (path && file) return `${path} ${file}`;
  if (textOf(error, "syscall") === "write") return new NotWritten("A file", error).message;
  if (/^Region is missing/.test(error.message))
    return "The bucket's Region is not known. Correct its name, which ends with it, as org-log-archive-444455556666-eu-central-1 does, or set AWS_REGION.";
  for (const name of [error.name, textOf(error, "code"), textOf(error, "Code")]) {
    const advice = accessAdvice(name, { profile: environment.AWS_PROFILE || undefined, next, command });
    if (advice) return `${advice} (${[name, textOf(error, "BucketName")].filter(Boolean).join(" ")}: ${error.message})`;
  }
  // An answer of AWS that nothing here foresees arose there, not here.
  return "$fault" in error ? `AWS answered ${error.name}: ${error.message}` : (error.stack ?? error.message);
}

function textOf(error: Error, field: "code" | "Code" | "path" | "syscall" | "BucketName"): string {
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : "";
}
