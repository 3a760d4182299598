import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { Head } from "../../../handlers/archive/digests";
import { parseRecord, UnreadableRecord } from "../../../handlers/archive/serialization";
import { InvalidPublicKey, publicKeysOf, type VerificationKey } from "../../verify/signatures";
import type { GivenHead } from "../../verify/verify-digests";
import { UsageError } from "../errors";
import { repeated } from "../options";

/** What a person knows of an archive from elsewhere: options that the commands which prove something share. */
export interface ProofOptions {
  readonly publicKey: readonly string[];
  readonly head: readonly string[];
}

export function withProofOptions(command: Command): Command {
  return command
    .optionsGroup("What proves it:")
    .option("--public-key <file>", "PEM file of the key that signs digests (repeatable, one per Region)", repeated, [])
    .option(
      "--head <head>",
      "newest digest that you know of: SEQUENCE:HASH, or a head.json (repeatable)",
      repeated,
      [],
    );
}

/** @throws {UsageError} when a file holds no such key. */
export function readKeys(file: string): VerificationKey[] {
  try {
    return publicKeysOf(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof InvalidPublicKey) throw new UsageError(`--public-key: ${error.message}`, { cause: error });
    throw error;
  }
}

/** @throws {UsageError} when it is neither a head nor a file of one. */
export function readHead(given: string): GivenHead {
  const [, sequence, sha256] = /^([1-9]\d*):([0-9a-f]{64})$/.exec(given) ?? [];
  if (sequence !== undefined && sha256 !== undefined) return { sequence: Number(sequence), sha256 };
  if (/^\d+:/.test(given))
    throw new UsageError(`--head ${given}: it must be SEQUENCE:HASH, a number from 1 and 64 hex digits in lower case.`);
  const instead = "Give SEQUENCE:HASH, or a run's head.json.";
  if (!existsSync(given)) throw new UsageError(`--head ${given} is neither SEQUENCE:HASH nor a file. ${instead}`);
  const text = readFileSync(given, "utf8").trim();
  if (/^\d+:/.test(text)) return readHead(text);
  try {
    return parseRecord(Head, given, text);
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    throw new UsageError(`--head ${given} is no head.json. ${instead}`, { cause: error });
  }
}
