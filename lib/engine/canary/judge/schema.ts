import { z } from "zod";
import { bilingualSchema, reasonSchema } from "../../result/document";
import { canaryJudgeAbout } from "./about";
import { authenticities } from "./input";

export const canaryResultSchemaName = "slipmark.canary-result/v1";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const authenticitySchema = z.enum(authenticities);

/** A p-value: both ways of writing it (value is 0 below 1e-307, log10 never is), and what it rests on. */
const pSchema = z.strictObject({
  log10: z.number().max(0),
  value: z.number().min(0).max(1),
  kind: z.enum(["exact", "calibrated", "conditional", "descriptive"]),
  /** Code of the sentence that must stand beside it. */
  assumption: z.string(),
  /** An answer set that it rests on is merely claimed: it holds only if these are the models' answers. */
  claimed: z.boolean(),
});

const answeredSchema = z.strictObject({
  name: z.string(),
  weights: z.string().nullable(),
  authenticity: authenticitySchema,
  transcript: z.strictObject({ root: hash, calls: count }).nullable(),
  /** SHA-256 of the canonical answer file, in the order of the items. */
  answersSha256: hash,
  right: count,
  wrong: count,
  blank: count,
  unstable: count,
});

export const markSchema = z.enum(["right", "wrong", "blank", "unstable", "unrevealed", "invalid"]);
export type Mark = z.infer<typeof markSchema>;

const originSchema = z.strictObject({
  base: z.string().optional(),
  vendor: z.string().optional(),
  corpus: z.string().optional(),
});

export const saysSchema = z.enum([
  "not-independent",
  "inconclusive",
  "nothing-found",
  "void",
  "illustration",
]);

export const exclusionSchema = z.enum([
  /** The same weights as the original, the suspect or an earlier reference. */
  "same-weights",
  /** Its wrong answers agree with those of another as only a copy's do. */
  "copy-of-original",
  "copy-of-suspect",
  "copy-of-reference",
  /** It knows the targets, which were secret. */
  "knows-targets",
  /** Its answers are merely claimed: they neither help nor harm. */
  "claimed",
]);
export type Exclusion = z.infer<typeof exclusionSchema>;

export const canaryResultSchema = z.strictObject({
  schema: z.literal(canaryResultSchemaName),
  method: z.literal(canaryJudgeAbout.id),
  /** Of the judge: what a recall names. */
  version: z.string().regex(/^[0-9a-z.-]{1,20}$/),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  terms: z.strictObject({
    kind: z.enum(["random-label", "natural", "generator"]),
    items: count,
    options: count.nullable(),
    primary: z.enum(["secret", "robust", "rank"]),
    threshold: z.string().nullable(),
    normaliser: z.literal("n1"),
    fold: z.enum(["none", "simplified"]),
    needsReferences: count,
    beacon: z.string(),
  }),
  nonce: hash.nullable(),
  draw: z.enum(["independent", "permutation"]),
  answersAre: z.enum(["raw", "given"]),
  order: z.strictObject({ ok: z.boolean().nullable(), withheld: z.array(z.string()) }),
  declaredShared: originSchema.nullable(),
  original: answeredSchema,
  suspect: answeredSchema,
  /** Items revealed, and those that were not and count as misses. */
  revealed: count,
  unrevealed: count,
  /** Of the revealed ones those that are no items of their kind, such as labels of which two are one answer: misses too. */
  invalid: count,
  /** Items on which original and suspect both answered and were both wrong, and of those with the same answer. */
  nBothWrong: count,
  sameWrong: count,
  /** Of random-label sets: answers that are the drawn label. */
  hits: z.strictObject({ original: count, suspect: count, expected: z.number() }).nullable(),
  p: z.strictObject({
    secret: pSchema.optional(),
    robust: pSchema
      .extend({
        /** 1/(independent families)²: no claim is rarer than this. */
        floor: z.number(),
        /** References that speak: one of each family. */
        families: count,
        pairs: count,
        mean: z.number(),
        sd: z.number(),
        tau: z.number(),
        df: count,
        /** Same wrong answers that the references lead one to expect. */
        expected: z.number(),
      })
      .optional(),
    rank: pSchema.extend({ floor: z.number(), references: count, atLeastAsClose: count }).optional(),
    panel: pSchema.extend({ expected: z.number() }).optional(),
  }),
  /** The registered statistic with everything it is multiplied by; null where there is no p. */
  primary: z
    .strictObject({
      statistic: z.enum(["secret", "robust", "rank"]),
      log10: z.number().max(0),
      value: z.number().min(0).max(1),
      threshold: z.string().nullable(),
      /** At or below the threshold; null without one. */
      reached: z.boolean().nullable(),
      /** The smallest p that this panel can support at all, where there is such a floor. */
      floor: z.number().nullable(),
      sets: count,
      grindBits: count,
      pairs: count,
    })
    .nullable(),
  assumption: z.string(),
  authenticity: authenticitySchema,
  movesFinding: z.boolean(),
  references: z.array(
    answeredSchema.extend({
      family: z.string(),
      origin: originSchema,
      /** With the original. */
      bothWrong: count,
      sameWrong: count,
      hits: count.nullable(),
      /** Shares what original and suspect share. */
      matched: z.boolean(),
      /** Stands for its family: of its usable members the one closest to the original. */
      speaks: z.boolean(),
      /** Of the panel that was fixed beforehand (named in the terms, or there before the reveal); others only raise a p. */
      fixed: z.boolean(),
      excluded: exclusionSchema.nullable(),
      /** Of whom it is a copy. */
      excludedBy: z.string().nullable(),
    }),
  ),
  /** The comparison again under other foldings; never primary. */
  rows: z.array(
    z.strictObject({
      row: z.enum(["n1", "nfc", "simplified"]),
      by: z.string(),
      nBothWrong: count,
      sameWrong: count,
      hits: count.nullable(),
    }),
  ),
  /** Mean over the items where both were wrong: edits by the longer length, in code points. Secondary. */
  editDistance: z.number().nullable(),
  says: saysSchema,
  reasons: z.array(reasonSchema),
  whatWouldHelp: z.array(reasonSchema),
  table: z.array(
    z.strictObject({
      index: count,
      /** Of an unrevealed item, whose id nobody knows, "#" and its index. */
      id: z.string(),
      /** The truth, or the drawn label; null where the item has none. */
      truth: z.string().nullable(),
      original: z.string(),
      suspect: z.string(),
      marks: z.strictObject({
        original: markSchema,
        suspect: markSchema,
        /** Both answered, and the same. */
        same: z.boolean(),
        /** Both wrong, and the same. */
        sameWrong: z.boolean(),
        /** One letter a reference, in their order: r right, s wrong as the original, w wrong otherwise, - blank, ~ unstable; "" if unrevealed. */
        references: z.string(),
      }),
    }),
  ),
  /** Sentences from the reasons. Not in the digest. */
  explanation: bilingualSchema,
});

export type Judgement = z.infer<typeof canaryResultSchema>;
export type CanarySays = z.infer<typeof saysSchema>;
