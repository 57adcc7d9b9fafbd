import {
  type AskedItem,
  type Call,
  itemsDigest,
  lineOf,
  requestText,
  type TranscriptHeader,
  transcriptSchemaName,
} from "@/lib/engine/canary/transcript";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";

/**
 * A transcript around recorded answers: what asking the reader as a command, an image at a time, comes to. The readers
 * are deterministic, so that every repeat has the same answer. Written anew when the examples are loaded: the calls were
 * made when the answers were measured, not at the times that stand here.
 */
export function writtenTranscript(of: {
  readonly setId: string;
  readonly model: string;
  readonly weights: string | null;
  readonly prompt: string;
  readonly repeats: number;
  readonly items: readonly AskedItem[];
  readonly answers: readonly string[];
  readonly at: Date;
}): Buffer {
  const { setId, model, weights, prompt, repeats, items, at } = of;
  const header: TranscriptHeader = {
    schema: transcriptSchemaName,
    setId,
    adapter: "command",
    endpoint: "example-reader",
    model,
    weights,
    engine: "recorded answers",
    engineVersion: null,
    quantisation: null,
    parameters: { arguments: ["{image}"] },
    prompt,
    extractor: { kind: "whole" },
    repeats,
    items: { count: items.length, sha256: itemsDigest(items) },
    startedAt: at.toISOString(),
  };
  const calls = Array.from({ length: repeats }, (_, repeat) =>
    items.map((item, index) => ({ repeat, item, index })),
  );
  const lines = calls.flat().map(({ repeat, item, index }, position) => {
    const answer = of.answers[index] ?? "";
    const request = requestText(header, item);
    const response = `${answer}\n`;
    const call: Call = {
      n: position + 1,
      id: item.id,
      repeat: repeat + 1,
      request,
      requestSha256: sha256Hex(request),
      status: 0,
      date: null,
      receivedAt: at.toISOString(),
      attempts: 1,
      response,
      encoding: "utf-8",
      responseSha256: sha256Hex(response),
      problem: null,
      answer,
    };
    return lineOf(call).text;
  });
  return Buffer.from([lineOf(header).text, ...lines].map((line) => `${line}\n`).join(""), "utf8");
}
