import type { Nodes, Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

/** At most so many links of one text are captured: a text is evidence, not a crawl order. */
export const linksPerText = 20;

const parser = unified().use(remarkParse).use(remarkGfm);

/** Quotation marks and list markers nest; past so many on one line a text is a test of the parser, not a text. */
const mostMarkers = 100;

export function isTooDeep(body: string): boolean {
  return body
    .split("\n")
    .some((line) => (/^[\s>*+\-\d.)]*/.exec(line)?.[0] ?? "").replace(/\s/g, "").length > mostMarkers);
}

/** The http(s) addresses a text links to (images included), in order, once each, without fragments. */
export function extractLinks(body: string): string[] {
  if (isTooDeep(body)) return [];
  const found = new Set<string>();
  try {
    collect(parser.parse(body) as Root, found);
  } catch {
    // A text that breaks the parser is kept as it was typed; its links are not known.
  }
  return [...found].slice(0, linksPerText);
}

function collect(node: Nodes, found: Set<string>): void {
  if (node.type === "link" || node.type === "image" || node.type === "definition") {
    const url = webAddress(node.url);
    if (url) found.add(url);
  }
  if ("children" in node) for (const child of node.children) collect(child, found);
}

/** Normal form of a web address without credentials or fragment, or null for everything else. */
export function webAddress(text: string): string | null {
  if (text.length > 2000 || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  if (url.username || url.password) return null;
  url.hash = "";
  return url.href;
}
