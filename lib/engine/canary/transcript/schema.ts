import { z } from "zod";
import { extractorSchema } from "../extractor";
import { limits } from "../limits";
import { fewestRepeats, longestAnswer, mostRepeats } from "./limits";

export const transcriptSchemaName = "slipmark.canary-transcript/v1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const label = z
  .string()
  .min(1)
  .max(256)
  // One line of visible text: it is shown beside answers.
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);

export const adapters = ["openai-chat", "command"] as const;

/** First line of a transcript: what was asked of whom, fixed before the first call. Nothing in it is a credential. */
export const headerSchema = z.strictObject({
  schema: z.literal(transcriptSchemaName),
  setId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  adapter: z.enum(adapters),
  /** Base address of the endpoint, without user, password and query; of a command its program's name. */
  endpoint: z.string().min(1).max(2048),
  model: label,
  /** SHA-256 of the weights that are said to answer. A claim until somebody who pinned them asks. */
  weights: sha256.nullable(),
  engine: label.nullable(),
  engineVersion: label.nullable(),
  quantisation: label.nullable(),
  /** Of an endpoint the members of every request beside model and messages; of a command its arguments. */
  parameters: z.record(z.string().max(64), z.json()),
  /** Template of the text that is sent; {prompt} stands for the item's own. */
  prompt: z.string().max(8192),
  extractor: extractorSchema,
  repeats: z.int().min(fewestRepeats).max(mostRepeats),
  items: z.strictObject({ count: z.int().min(1).max(limits.items), sha256 }),
  startedAt: z.iso.datetime(),
});
export type TranscriptHeader = z.output<typeof headerSchema>;

/** Why a call has no answer. Absent from an answered one. */
export const problems = [
  /** The endpoint refused this request (HTTP 4xx, or an error object in a 200). */
  "refused",
  /** It failed with HTTP 5xx each time it was tried; or the command ended with another code than 0. */
  "failed",
  "timeout",
  "too-large",
  "wrong-content-type",
  "not-utf8",
  "not-json",
  /** JSON, but no chat completion. */
  "no-completion",
] as const;
export type CallProblem = (typeof problems)[number];

/** One call: the request and the response as they went over the wire, and the answer that follows from them. */
export const callSchema = z.strictObject({
  /** 1, 2, 3, … without a gap. */
  n: z.int().min(1),
  id: z
    .string()
    .min(1)
    .max(2 * limits.idLength),
  /** 1 to the header's repeats. */
  repeat: z.int().min(1).max(mostRepeats),
  /** The request's text; the bytes of an image in it are replaced by their SHA-256. */
  request: z.string(),
  /** Of the bytes that were sent, images included. */
  requestSha256: sha256,
  /** HTTP status, or the exit code of a command; null when there was neither. */
  status: z.int().min(0).max(999).nullable(),
  /** The endpoint's Date header; null when it sent none. */
  date: z
    .string()
    .regex(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/)
    .nullable(),
  /** By the clock of whoever asked. */
  receivedAt: z.iso.datetime(),
  /** Requests sent until this outcome; those before the last gave no answer at all. */
  attempts: z.int().min(1).max(1000),
  /** The response's text, or its base64 when it is not UTF-8; null when it was not kept. */
  response: z.string().nullable(),
  encoding: z.enum(["utf-8", "base64"]),
  responseSha256: sha256.nullable(),
  problem: z.enum(problems).nullable(),
  /** "" for a blank and wherever there is a problem. */
  answer: z.string().max(longestAnswer),
});
export type Call = z.output<typeof callSchema>;
