import { z } from "zod";
import { redactedDocument } from "@/lib/ledger";

const lineageCard = z.object({
  state: z.string(),
  frontMatter: z.string().nullable(),
  licences: z.array(z.string()),
  declaresOther: z.boolean().nullable(),
  mentionsOther: z.string().nullable(),
});
const lineageCards = z.object({ original: lineageCard, suspect: lineageCard });

/** The few facts of a stored result (slipmark.result/v1) that a case page and a finding need. */
const shape = z.object({
  inputs: z.object({ suspect: z.object({ files: z.array(z.object({ path: z.string() })) }) }),
  methods: z.array(
    z.object({
      method: z.string(),
      version: z.string().default(""),
      says: z.string(),
      statistics: z.unknown(),
    }),
  ),
  summary: z.object({
    relation: z.string(),
    closest: z.string(),
    reasons: z.array(z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()) })),
  }),
});
type Result = z.infer<typeof shape>;

export interface ResultFacts {
  readonly relation: string;
  /** What the suspect is nearest to: "original", "ancestor", "neither" or "unknown". */
  readonly closest: string;
  readonly says: Readonly<Record<string, string>>;
  /** "method@version" of every method in it. */
  readonly used: readonly string[];
  /** Families of methods that point the way the relation does ("weights", "code", "tokenizer", …). */
  readonly families: readonly string[];
  /** The suspect's card, at the commit that was read, declares the original as its base. */
  readonly suspectDeclares: boolean;
  /** The original states a licence, and nothing listed or written on the suspect's side gives notice of it. */
  readonly noticeMissing: boolean;
}

/** Null when the result was redacted. */
export function readResult(document: string): ResultFacts | null {
  if (document === redactedDocument) return null;
  const result = shape.parse(JSON.parse(document));
  const lineage = result.methods.find((one) => one.method === "lineage");
  const cards = lineageCards.safeParse(lineage?.statistics).data;
  return {
    relation: result.summary.relation,
    closest: result.summary.closest,
    says: Object.fromEntries(result.methods.map((one) => [one.method, one.says])),
    used: result.methods.map((one) => `${one.method}@${one.version}`),
    families: familiesOf(result),
    // The method says "declared" of either side: an original's card that names the suspect attributes nothing to it.
    suspectDeclares: cards?.suspect.declaresOther === true,
    noticeMissing: cards !== undefined && noticeMissing(cards, result.inputs.suspect.files),
  };
}

function familiesOf({ summary }: Result): readonly string[] {
  const agree = summary.reasons.find(({ code }) => code === "families-agree");
  return z.array(z.string()).catch([]).parse(agree?.facts.families);
}

const noticeFile = /(?:^|\/)(?:licen[cs]e|notice|copying)[^/]*$/i;

/**
 * Only what is certain from cards and listing: a licence text or notice among the files may hold what the card does
 * not say, and another licence than the original's is no missing notice. Whether terms allow it is not ours to say.
 */
function noticeMissing(
  { original, suspect }: z.infer<typeof lineageCards>,
  files: Result["inputs"]["suspect"]["files"],
): boolean {
  if (original.licences.length === 0 || files.some(({ path }) => noticeFile.test(path))) return false;
  if (suspect.state === "missing") return true;
  if (suspect.state !== "read" || suspect.frontMatter === "malformed") return false;
  return suspect.licences.length === 0 || (suspect.declaresOther === false && suspect.mentionsOther === null);
}
