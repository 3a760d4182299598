import type { Colors } from "../../terminal/colours";
import { labelled } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import type { AskedItem } from "../item/item-records";
import type { Entry } from "./history";
import type { Verdict } from "./verdict";

/** What one Region's archive has to say. */
export interface Answer extends Verdict {
  readonly region: string;
  /** What the newest run that saw the account called it. */
  readonly accountName?: string;
  readonly history: readonly Entry[];
}

/** @param width columns of the terminal */
export function answerText(item: AskedItem, answer: Answer, width: number, colours: Colors): string {
  const { region, accountName, history, standing, stands, why, change, commands } = answer;
  const who = accountName ? `${item.account} ${accountName}` : item.account;
  const paint = standing === undefined ? colours.yellow : standing.outcome === "failed" ? colours.red : colours.green;
  const line = (label: string, text: string) => labelled(label.padEnd(13), printable(text), width);
  return `${[
    colours.bold(printable(`${who} ${item.logGroup} ${item.day}, ${region}`)),
    ...history.map(({ at, kind, text }) =>
      labelled(`${at.slice(0, 19).replace("T", " ")}Z  ${kind.padEnd(8)}  `, printable(text), width),
    ),
    "",
    paint(line("What stands", stands)),
    line("Why", why),
    line("Changes by", change),
    // Never folded: a shell takes them as they are printed.
    ...commands.map((command) => `${" ".repeat(13)}${printable(command)}`),
  ].join("\n")}\n`;
}
