import type { CanaryItem, CanaryTerms } from "@/lib/engine/canary";
import type { AnswerSet, ReferenceSet } from "@/lib/engine/canary/judge";
import { ask, chatEndpoint, transcriptHeader } from "@/lib/engine/io/ask";

export interface Asked extends Omit<AnswerSet, "role"> {
  readonly transcript: { readonly root: string; readonly calls: number };
}

/** Asks a model at an endpoint on loopback every item as the terms say; class "re-run", with the weights pinned. */
export async function askEndpoint(
  url: string,
  model: { readonly name: string; readonly weights: string },
  terms: CanaryTerms,
  items: readonly CanaryItem[],
  image?: (item: Pick<CanaryItem, "id">) => Promise<Uint8Array>,
): Promise<Asked> {
  const parameters = { max_tokens: 2, temperature: 0 };
  const adapter = chatEndpoint({ url, model: model.name, key: null, parameters, trusted: true });
  const { prompt, extractor, repeats } = terms;
  const facts = { prompt, extractor, repeats, weights: model.weights, startedAt: new Date() };
  const header = transcriptHeader(adapter, items, facts);
  const summary = await ask({ header, items, adapter, ...(image ? { image } : {}) });
  return {
    name: model.name,
    weights: model.weights,
    authenticity: "re-run",
    transcript: { root: summary.root, calls: summary.calls },
    answers: summary.answers,
  };
}

export const asReference = (asked: Asked, family: string): ReferenceSet => ({
  ...asked,
  role: "reference",
  family,
  beforeReveal: true,
});
