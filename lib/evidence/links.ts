import type { Nodes, Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

/** At most so many links of one text are captured: a text is evidence, not a crawl order. */
export const linksPerText = 20;

const parser = unified().use(remarkParse).use(remarkGfm);

/**
 * Past these a text is a test of the parser, not a text: block markers on one line nest, lines and inline marks cost the
 * square of their number, and a table is filled up to its widest row (20,000 characters make 12 million cells).
 */
const most = { nested: 100, lines: 2_000, emphasis: 2_500, brackets: 2_000, cells: 20_000 } as const;

/** True for a text that is shown as it was typed instead of being parsed. */
export function isUnreasonable(body: string): boolean {
  const lines = body.split(/\r\n?|\n/);
  const widest = lines.reduce((pipes, line) => Math.max(pipes, line.split("|").length), 1);
  return (
    lines.length > most.lines ||
    (widest > 1 && widest * lines.length > most.cells) ||
    (body.match(/[*_~]+/g)?.length ?? 0) > most.emphasis ||
    (body.match(/[[\]]/g)?.length ?? 0) > most.brackets ||
    lines.some((line) => (/^[\s>*+\-\d.)]*/.exec(line)?.[0] ?? "").replace(/\s/g, "").length > most.nested)
  );
}

/** The http(s) addresses a text links to (images included), in order, once each, without fragments. */
export function extractLinks(body: string): string[] {
  if (isUnreasonable(body)) return [];
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
