import { fold } from "../terminal/fold";

const columns = 80;

/** A command's help below its options: paragraphs fill the lines of a terminal, and what is indented stays as it is. */
export function helpText(text: string): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  const end = () => {
    if (paragraph.length > 0) lines.push(...fold(paragraph.join(" "), columns));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    const isText = line !== "" && !line.startsWith(" ");
    if (isText) paragraph.push(line);
    // A heading goes on with what is below it.
    if (!isText || line.endsWith(":")) end();
    if (!isText) lines.push(line);
  }
  end();
  return lines.join("\n");
}
