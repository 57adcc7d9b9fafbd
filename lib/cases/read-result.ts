import { z } from "zod";

/** The few facts of a stored result (slipmark.result/v1) that a case page and a finding need. */
const shape = z.object({
  methods: z.array(z.object({ method: z.string(), says: z.string() })),
  summary: z.object({ relation: z.string() }),
});

export interface ResultFacts {
  readonly relation: string;
  readonly says: Readonly<Record<string, string>>;
  /** The lineage method found that the suspect's card declares the original. */
  readonly cardDeclares: boolean;
}

export function readResult(document: string): ResultFacts {
  const result = shape.parse(JSON.parse(document));
  const says = Object.fromEntries(result.methods.map((one) => [one.method, one.says]));
  return { relation: result.summary.relation, says, cardDeclares: says.lineage === "declared" };
}
