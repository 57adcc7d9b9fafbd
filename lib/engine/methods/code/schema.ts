import { z } from "zod";

const count = z.int().min(0);
const part = z.number().min(0).max(1);
const sides = <T extends z.ZodType>(of: T) => z.strictObject({ original: of, suspect: of });

const place = z.strictObject({
  path: z.string(),
  /** Function with those it stands in, or null for what a file does outside of functions. */
  function: z.string().nullable(),
  startLine: count,
  endLine: count,
});

/** Agreement of one channel over matched, counted tokens: how many were compared, and the weighted share that is equal. */
const agreement = z.strictObject({ compared: count, equal: part.nullable() });

const channels = z.strictObject({
  /** Share of matched identifiers that one one-to-one map explains. */
  identifierConsistency: part.nullable(),
  identifiers: agreement,
  operators: agreement,
  literals: agreement,
});

const match = z.strictObject({
  original: place,
  suspect: place,
  score: part,
  /** Matched share of what counts in each of the two. */
  covered: sides(part),
  /** Matched tokens that count, in units of one token nobody else has. */
  tokens: count,
  ...channels.shape,
});

const mark = z.enum(["same", "renamed", "ancestor", "here"]);

const viewLine = z.strictObject({
  line: count,
  text: z.string(),
  /** Line of the other side that most of its matched tokens stand on. */
  partner: count.nullable(),
  /** [first column, length, mark], columns in UTF-16 code units from 0. */
  marks: z.array(z.tuple([count, count, mark])),
});

const view = z.strictObject({
  original: place,
  suspect: place,
  lines: sides(z.array(viewLine)),
  /** Whether lines beyond the limit were left out. */
  cut: z.boolean(),
});

const sideStatistics = z.strictObject({
  files: count,
  functions: count,
  tokens: count,
  /** Tokens that count after rarity and ancestors, in units of one token nobody else has. */
  counted: count,
  bytes: count,
  filesWithSyntaxErrors: count,
  languages: z.array(z.strictObject({ language: z.string(), files: count })),
  skipped: z.array(z.strictObject({ reason: z.string(), files: count, examples: z.array(z.string()) })),
});

const leftover = z.strictObject({
  name: z.string(),
  where: z.enum(["remark", "string", "identifier"]),
  path: z.string(),
  line: count,
  uses: count,
});

export const codeStatisticsSchema = z.strictObject({
  sides: sides(sideStatistics),
  /** 0 … 1, ranks pairs of releases; null when not testable. */
  score: part.nullable(),
  covered: sides(part),
  ...channels.shape,
  /** Pairs of functions with matched tokens, and those of them that are strong. */
  pairs: z.strictObject({ matched: count, strong: count, tiny: count }),
  matches: z.array(match),
  /** Names that differ and correspond one to one, by how many matched tokens support them. */
  identifierMap: z.array(z.strictObject({ original: z.string(), suspect: z.string(), tokens: count })),
  leftovers: sides(z.array(leftover)),
  /** Share of all tokens that an ancestor has too; null when none was given. */
  ancestors: z
    .strictObject({
      given: count,
      explained: sides(part),
      /** Of what is matched between the two, the share that an ancestor explains on either side. */
      ofMatched: part,
    })
    .nullable(),
  /** Score of each unrelated control against either side. */
  controls: z.array(z.strictObject({ original: part.nullable(), suspect: part.nullable() })),
  views: z.array(view),
});

export type CodeStatistics = z.infer<typeof codeStatisticsSchema>;
export type CodeView = z.infer<typeof view>;
export type CodePlace = z.infer<typeof place>;
