import { InvalidConfiguration } from "../../constructs/configuration";

/** Runs a command; when the configuration is what is wrong, the message is all that is said about it. */
export function explaining(command: () => void): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
