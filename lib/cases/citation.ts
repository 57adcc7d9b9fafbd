/** Citations of a case page: BibTeX and GB/T 7714—2015 (online electronic resource, [EB/OL]). */

export interface CitationFacts {
  readonly publicId: string;
  readonly original: string;
  readonly suspect: string;
  /** Name of the instance, "Slipmark". */
  readonly publisher: string;
  /** ISO time of the case's last change. */
  readonly updatedAt: string;
  /** ISO time of reading. */
  readonly readAt: string;
  readonly url: string;
}

export function permalink(origin: string, locale: "en" | "zh", publicId: string): string {
  return `${origin.replace(/\/+$/, "")}/${locale}/cases/${publicId}`;
}

const day = (iso: string): string => iso.slice(0, 10);

/** Characters that mean something to TeX, in repository names mostly "_" and "#". */
function tex(text: string): string {
  return text
    .replace(/\\/g, "\u0000")
    .replace(/[&%$#_{}]/g, (mark) => `\\${mark}`)
    .replace(/~/g, "\\textasciitilde{}")
    .replace(/\^/g, "\\textasciicircum{}")
    .replaceAll("\u0000", "\\textbackslash{}");
}

export function citeBibtex(facts: CitationFacts): string {
  const key = facts.publicId.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return [
    `@misc{${key},`,
    `  title        = {{${tex(facts.publicId)}: ${tex(facts.suspect)} and ${tex(facts.original)}}},`,
    `  author       = {{${tex(facts.publisher)}}},`,
    `  year         = {${facts.updatedAt.slice(0, 4)}},`,
    `  howpublished = {Case record, version of ${day(facts.updatedAt)}},`,
    `  url          = {${facts.url}},`,
    `  urldate      = {${day(facts.readAt)}}`,
    "}",
  ].join("\n");
}

/** 主要责任者. 题名[EB/OL]. (更新日期)[引用日期]. 获取路径. */
export function citeGbt7714(facts: CitationFacts): string {
  return (
    `${facts.publisher}. 案例 ${facts.publicId}：${facts.suspect} 与 ${facts.original}[EB/OL]. ` +
    `(${day(facts.updatedAt)})[${day(facts.readAt)}]. ${facts.url}.`
  );
}
