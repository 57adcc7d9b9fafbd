import { parseArgs } from "node:util";
import type { Extractor } from "../lib/engine/canary";
import { isParameterName } from "../lib/engine/canary/transcript";
import { EngineError } from "../lib/engine/errors";
import { type AskAdapter, chatEndpoint, commandAdapter } from "../lib/engine/io/ask";
import { UsageError } from "./usage";

const options = {
  endpoint: { type: "string" },
  command: { type: "string" },
  transcript: { type: "string" },
  model: { type: "string" },
  out: { type: "string" },
  record: { type: "string" },
  repeats: { type: "string" },
  budget: { type: "string" },
  resume: { type: "boolean" },
  terms: { type: "string" },
  prompt: { type: "string" },
  extract: { type: "string" },
  set: { type: "string" },
  weights: { type: "string" },
  engine: { type: "string" },
  "engine-version": { type: "string" },
  quantisation: { type: "string" },
  parameter: { type: "string", multiple: true },
  "max-tokens": { type: "string" },
  "key-env": { type: "string" },
  timeout: { type: "string" },
  wait: { type: "string" },
  retries: { type: "string" },
  root: { type: "string" },
  json: { type: "boolean" },
} as const;

export type AskValues = ReturnType<typeof parseAskArguments>["values"];

export const parseAskArguments = (args: readonly string[]) =>
  parseArgs({ args: [...args], allowPositionals: true, strict: true, options });

/** Whom to ask. Throws UsageError, or EngineError "bad-input"; no message holds a key. */
export function adapterOf(values: AskValues): AskAdapter {
  const callMs = values.timeout === undefined ? null : 1000 * whole(values.timeout, "--timeout", 1);
  if (values.command !== undefined) {
    return commandAdapter({
      command: values.command,
      ...(values.model === undefined ? {} : { model: values.model }),
      environment: process.env,
      ...(callMs === null ? {} : { timeoutMs: callMs }),
    });
  }
  if (values.model === undefined) throw new UsageError("--endpoint needs --model NAME");
  return chatEndpoint({
    url: values.endpoint ?? "",
    model: values.model,
    key: keyFrom(process.env, values["key-env"]),
    parameters: parametersOf(values),
    trusted: true,
    ...(callMs === null ? {} : { callMs }),
    patience: {
      ...(values.wait === undefined ? {} : { maxWaitMs: 1000 * whole(values.wait, "--wait", 0) }),
      ...(values.retries === undefined ? {} : { maxRetries: whole(values.retries, "--retries", 0) }),
    },
  });
}

/** From the environment alone: an argument list can be read by everybody on the machine. */
function keyFrom(environment: NodeJS.ProcessEnv, named: string | undefined): string | null {
  const name = named ?? "SLIPMARK_ASK_KEY";
  // Nothing of it is printed: many a key looks like a name.
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name))
    throw new UsageError("--key-env is the name of a variable in capitals, not a key");
  const value = environment[name]?.trim();
  if (named !== undefined && !value)
    throw new EngineError("bad-input", "The variable that --key-env names is not set");
  return value || null;
}

function parametersOf(values: AskValues): Record<string, unknown> {
  const parameters: Record<string, unknown> = {
    temperature: 0,
    max_tokens: whole(values["max-tokens"], "--max-tokens", 256),
  };
  for (const given of values.parameter ?? []) {
    const [name = "", ...rest] = given.split("=");
    // The value is never printed: it might be what should not be here.
    if (rest.length === 0 || !isParameterName(name))
      throw new UsageError("--parameter takes NAME=VALUE, and no name of a key, model or message");
    parameters[name] = jsonOrText(rest.join("="));
  }
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function extractorOf(text: string | undefined): Extractor {
  if (text === undefined || text === "whole") return { kind: "whole" };
  if (text === "first-line") return { kind: "first-line" };
  if (text.startsWith("regex:")) return { kind: "regex", pattern: text.slice("regex:".length) };
  throw new UsageError("--extract is whole, first-line or regex:PATTERN");
}

/** A whole number of an option. */
export function whole(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`${name} is a whole number`);
  return Number(text);
}
