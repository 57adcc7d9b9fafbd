import {
  type AskedItem,
  fewestRepeats,
  headerSchema,
  isParameterName,
  itemsDigest,
  mostRepeats,
  type TranscriptHeader,
  transcriptSchemaName,
} from "../../canary/transcript";
import { EngineError } from "../../errors";
import type { AskAdapter } from "./adapter";

/** What whoever asks says of the model and how it is asked. */
export interface AskFacts
  extends Partial<
    Pick<
      TranscriptHeader,
      "setId" | "weights" | "engine" | "engineVersion" | "quantisation" | "extractor" | "prompt"
    >
  > {
  readonly repeats: number;
  readonly startedAt: Date;
}

/** The header of a new transcript. Throws EngineError "bad-input" with the first fault. */
export function transcriptHeader(
  adapter: AskAdapter,
  items: readonly AskedItem[],
  facts: AskFacts,
): TranscriptHeader {
  if (facts.repeats < fewestRepeats || facts.repeats > mostRepeats || !Number.isInteger(facts.repeats)) {
    throw new EngineError(
      "bad-input",
      `Every item is asked ${fewestRepeats} to ${mostRepeats} times: one answer does not show whether it is stable`,
    );
  }
  const unusable = Object.keys(adapter.parameters).find((name) => !isParameterName(name));
  if (unusable !== undefined)
    throw new EngineError("bad-input", `${JSON.stringify(unusable)} cannot be a parameter of a request`);
  const header = headerSchema.safeParse({
    schema: transcriptSchemaName,
    setId: facts.setId ?? null,
    adapter: adapter.adapter,
    endpoint: adapter.endpoint,
    model: adapter.model,
    weights: facts.weights ?? null,
    engine: facts.engine ?? null,
    engineVersion: facts.engineVersion ?? null,
    quantisation: facts.quantisation ?? null,
    parameters: adapter.parameters,
    prompt: facts.prompt ?? "{prompt}",
    extractor: facts.extractor ?? { kind: "whole" },
    repeats: facts.repeats,
    items: { count: items.length, sha256: itemsDigest(items) },
    startedAt: facts.startedAt.toISOString(),
  });
  if (header.success) return header.data;
  const [issue] = header.error.issues;
  throw new EngineError("bad-input", `${issue?.path.join(".")}: ${issue?.message}`);
}
