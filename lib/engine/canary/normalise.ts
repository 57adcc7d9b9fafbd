/** The version of the normalisation below; terms and answers that name another are refused. */
export const normaliserVersion = "n1";

const format = /\p{Cf}/gu;
const space = /\s+/gu;
const leading = /^[\p{P}\s]+/u;
const outer = /[\p{P}\s]/u;
/** What n1 leaves as it is, and a few hundred thousand answers of a panel mostly are. */
const plain = /^[a-z0-9\u4e00-\u9fff]+$/;

/**
 * Version n1 of the normalisation under which two answers are one answer: NFKC, drop format characters (general category
 * Cf: zero-width space and joiners, marks of direction, byte order mark, soft hyphen, tags), toLowerCase (no locale),
 * NFKC, collapse white space, strip punctuation (category P) and space from both ends. An answer of nothing else becomes
 * "", a blank. Joined emoji fall apart into their parts; variation selectors (category Mn) stay.
 * Unicode data are the host's: hosts of different age may differ on characters assigned in between, on no others
 * (Unicode's stability policy for normalisation).
 */
export function normalise(answer: string): string {
  return plain.test(answer) ? answer : folded(answer, "NFKC");
}

/**
 * The same with NFC in place of NFKC: keeps apart what NFKC merges, such as Kangxi radicals (⼈ U+2F08 and 人) and
 * full-width forms. Ideographs of U+F900–FAFF with a canonical decomposition are merged by NFC as well.
 */
export function normaliseComposed(answer: string): string {
  return plain.test(answer) ? answer : folded(answer, "NFC");
}

function folded(answer: string, form: "NFC" | "NFKC"): string {
  const text = answer
    .normalize(form)
    .replace(format, "")
    .toLowerCase()
    .normalize(form)
    .replace(space, " ")
    .replace(leading, "");
  // From the end by hand: a pattern that ends in $ would start again at every one of a long row of dots.
  let end = text.length;
  while (end > 0) {
    const pair = end > 1 && isLowSurrogate(text.charCodeAt(end - 1));
    const last = text.slice(end - (pair ? 2 : 1), end);
    if (!outer.test(last)) break;
    end -= last.length;
  }
  return text.slice(0, end);
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
