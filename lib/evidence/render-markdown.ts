import type { Element, ElementContent, Root } from "hast";
import rehypeSanitize, { defaultSchema, type Options as Schema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { isUnreasonable, webAddress } from "./links";
import { remembered } from "./remembered";

// Tags only: no styles, classes, forms or media. Ids and rel are set by harden() below, not by the writer.
const schema: Schema = {
  strip: ["script", "style"],
  tagNames: (defaultSchema.tagNames ?? []).filter(
    (tag) => !["img", "input", "picture", "source", "details", "summary", "div", "span"].includes(tag),
  ),
  attributes: {
    a: ["href", "rel", "id", "ariaDescribedBy", "ariaLabel"],
    h4: ["id"],
    p: ["id"],
    li: ["id"],
    ol: ["start"],
    td: ["align"],
    th: ["align"],
    code: [],
  },
  protocols: { href: ["http", "https", "mailto"] },
  clobber: [],
};

/**
 * A post's text as HTML that is safe to set into any page. Raw HTML is dropped, nothing is loaded from outside
 * (an image becomes a link to itself), links carry rel="ugc nofollow noopener", headings start at h4, ids begin with
 * `prefix` so that two posts of one page cannot collide.
 */
export const renderMarkdown: (body: string, prefix: string) => string = remembered(
  render,
  (html) => html.length,
);

function render(body: string, prefix: string): string {
  if (isUnreasonable(body)) return plain(body);
  try {
    return String(
      unified()
        .use(remarkParse)
        .use(remarkGfm)
        .use(remarkRehype, {
          clobberPrefix: "",
          footnoteLabel: "*",
          footnoteLabelTagName: "p",
          footnoteBackLabel: "↩",
        })
        .use(() => (tree: Root) => harden(tree, prefix))
        .use(rehypeSanitize, schema)
        .use(rehypeStringify)
        .processSync(body),
    );
  } catch {
    // A text that breaks the parser is still somebody's words: shown as it was typed.
    return plain(body);
  }
}

function plain(body: string): string {
  const escaped = body.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<p>${escaped.replaceAll("\n", "<br>")}</p>`;
}

function harden(parent: Root | Element, prefix: string): void {
  parent.children = (parent.children as ElementContent[]).map((child) => {
    if (child.type !== "element") return child;
    const safe = safeElement(child, prefix);
    if (safe.type === "element") harden(safe, prefix);
    return safe;
  });
}

function safeElement(node: Element, prefix: string): ElementContent {
  const { tagName, properties } = node;
  if (tagName === "img") return imageAsLink(node);
  if (tagName === "input") return { type: "text", value: properties.checked ? "☑ " : "☐ " };
  const heading = /^h([1-6])$/.exec(tagName);
  if (heading) node.tagName = `h${Math.min(6, Number(heading[1]) + 3)}`;
  if (typeof properties.id === "string") properties.id = `${prefix}-${properties.id}`;
  if (properties.ariaDescribedBy !== undefined)
    properties.ariaDescribedBy = [properties.ariaDescribedBy].flat().map((id) => `${prefix}-${id}`);
  if (tagName === "a") hardenLink(node, prefix);
  return node;
}

function hardenLink(node: Element, prefix: string): void {
  const href = String(node.properties.href ?? "");
  if (href.startsWith("#")) node.properties.href = `#${prefix}-${href.slice(1)}`;
  else if (webAddress(href)) node.properties.rel = ["ugc", "nofollow", "noopener"];
  else if (!/^mailto:[^\s?]+@[^\s?]+$/i.test(href)) delete node.properties.href;
}

function imageAsLink(node: Element): ElementContent {
  const src = String(node.properties.src ?? "");
  const alt = String(node.properties.alt ?? "").trim();
  const text: ElementContent = { type: "text", value: alt || src };
  if (!webAddress(src)) return text;
  return {
    type: "element",
    tagName: "a",
    properties: { href: src, rel: ["ugc", "nofollow", "noopener"] },
    children: [text],
  };
}
