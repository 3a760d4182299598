/** An element's content: text, elements by name (an array repeats the element), or nothing. */
export type XmlContent =
  | string
  | number
  | boolean
  | Date
  | undefined
  | { readonly [name: string]: XmlContent | readonly XmlContent[] };

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function xmlDocument(root: string, namespace: string, content: XmlContent): string {
  return `${declaration}<${root}${namespace === "" ? "" : ` xmlns="${namespace}"`}>${inner(content)}</${root}>`;
}

function inner(content: XmlContent): string {
  if (content === undefined) return "";
  if (content instanceof Date) return content.toISOString();
  if (typeof content !== "object") return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => element(name, each)))
    .join("");
}

function element(name: string, content: XmlContent): string {
  return content === undefined ? "" : `<${name}>${inner(content)}</${name}>`;
}

/** Control characters become references, as in S3's answers: a line end in a key would be lost otherwise. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\p{Cc}/gu, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}
