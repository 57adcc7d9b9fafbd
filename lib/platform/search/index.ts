import { Converter } from "opencc-js/t2cn";

/** Traditional to simplified: a reader finds 竹簡 and 竹简 by either. Both column and query pass through it. */
const simplified = Converter({ from: "t", to: "cn" });

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const word = /[\p{L}\p{N}]+/gu;

/**
 * The text a search column holds: lower-case words, and for Chinese, Japanese and Korean every run's 2-grams (these
 * scripts write no spaces, and not every PostgreSQL has a parser for them). Terms stand between single spaces.
 */
export function searchText(parts: readonly (string | null | undefined)[]): string {
  const terms = new Set<string>();
  for (const part of parts) for (const term of termsOf(part ?? "", "index")) terms.add(term);
  return terms.size === 0 ? "" : ` ${[...terms].join(" ")} `;
}

/** The terms of a query; a row matches when its search column contains every one. At most 12: a query, not an essay. */
export function searchTerms(query: string): readonly string[] {
  return [...new Set(termsOf(query.slice(0, 400), "query"))].slice(0, 12);
}

/** Prisma filter for a model with a `searchText` column. An empty query matches everything. */
export function searchFilter(query: string): { AND: { searchText: { contains: string } }[] } {
  return { AND: searchTerms(query).map((term) => ({ searchText: { contains: term } })) };
}

function termsOf(text: string, use: "index" | "query"): string[] {
  const normal = simplified(text.normalize("NFKC").toLowerCase());
  const terms: string[] = [];
  const rest = normal.replace(cjk, (run) => {
    const characters = [...run];
    // A single character is found inside the 2-grams of the column, so the index needs it only when it stands alone.
    if (characters.length === 1) terms.push(run);
    for (let i = 0; i + 1 < characters.length; i++) terms.push(`${characters[i]}${characters[i + 1]}`);
    return " ";
  });
  for (const [found] of rest.matchAll(word)) {
    // Words match from their beginning while somebody types: " slip" finds "slipmark", never "cowslip".
    terms.push(use === "query" ? ` ${found}` : found);
  }
  return terms;
}
