import { tool } from "../../handlers/contract/tool";
import { shellWord } from "./shell-word";

/** What was given of where the archive is, or its deployment: a command that is run next has to be given it as well. */
export interface Given {
  readonly archive?: string;
  readonly bucket?: readonly string[];
  readonly configuration?: string;
}

/**
 * Makes of a command's words what a shell takes: how the tool is called, and what was given of the place.
 * @param words the command's name and what it is about, each word as a shell takes it
 */
export type NextCommand = (words: string) => string;

/** Commands that are about a deployment; the others are about an archive. */
export const aboutDeployments = /^(check|plan|run|offboard)\b/;

export function nextCommand({ archive, bucket = [], configuration }: Given = {}): NextCommand {
  const deployment = configuration === undefined ? [] : [`--configuration ${shellWord(configuration)}`];
  const place =
    archive === undefined ? bucket.map((name) => `--bucket ${shellWord(name)}`) : [`--archive ${shellWord(archive)}`];
  return (words) => [tool, words, ...(aboutDeployments.test(words) ? deployment : place)].join(" ");
}
