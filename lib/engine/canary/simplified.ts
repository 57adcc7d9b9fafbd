import { Converter } from "opencc-js/t2cn";

let convert: ((text: string) => string) | null = null;

/** Library and version whose dictionary folds; part of every result that has this row. */
export const simplifiedFold = "opencc-js@1.4.2 t→cn";

/**
 * Traditional characters as Simplified ones, by the dictionary that opencc-js carries inside: a fixed table, no host, no
 * network. Only for the second row of a judgement; the exact match under n1 stays primary.
 */
export function foldSimplified(answer: string): string {
  // Made when it is first needed: whoever only reads judgements never builds the table.
  convert ??= Converter({ from: "t", to: "cn" });
  return convert(answer);
}
