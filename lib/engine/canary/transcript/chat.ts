import { parseStrictJson } from "../../formats/strict-json";
import { canonical, utf8 } from "../../log";
import type { CanaryItem } from "../items";
import type { CallProblem } from "./schema";

/** Members of a request that a parameter must not replace, and such as would carry a credential. */
const reserved =
  /^(?:model|messages|stream|stream_options|n|.*(?:key|token|secret|password|authorization|credential).*)$/i;
const notSecret: ReadonlySet<string> = new Set(["max_tokens", "max_completion_tokens", "min_tokens"]);

/** Whether a name may be used among the parameters of a request. */
export function isParameterName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && (notSecret.has(name) || !reserved.test(name));
}

/** Settings of how answers are drawn: none of them can say which answer it is to be. */
const plain: ReadonlySet<string> = new Set([
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "seed",
  "max_tokens",
  "max_completion_tokens",
  "min_tokens",
  "presence_penalty",
  "frequency_penalty",
  "repetition_penalty",
  "repeat_penalty",
  "reasoning_effort",
]);

/**
 * Whether a member of an endpoint's requests leaves the answer to the model. A template, a grammar, a list of choices or
 * a bias of single tokens does not. A command's arguments are its own.
 */
export function isPlainParameter(
  header: { readonly adapter: string; readonly parameters: Readonly<Record<string, unknown>> },
  name: string,
): boolean {
  if (header.adapter === "command") return true;
  return plain.has(name) && typeof header.parameters[name] !== "object";
}

/**
 * Body of POST …/chat/completions as vLLM, Ollama, llama.cpp server and hosted routers take it: canonical JSON with one
 * message of the user; an image is a part of it after the text. `imageData` is what follows "data:<type>;": "base64,…"
 * in what is sent, "sha256,…" in what is kept. Parameters of value null are left out.
 */
export function chatRequest(
  header: { readonly model: string; readonly parameters: Readonly<Record<string, unknown>> },
  content: string,
  item: Pick<CanaryItem, "image">,
  imageData: string | null,
): string {
  const set = Object.entries(header.parameters).filter(
    ([name, value]) => isParameterName(name) && value !== null,
  );
  const image = item.image && {
    type: "image_url",
    image_url: { url: `data:${item.image.type};${imageData ?? `sha256,${item.image.sha256}`}` },
  };
  const parts = [...(content === "" ? [] : [{ type: "text", text: content }]), image];
  return canonical({
    ...Object.fromEntries(set),
    model: header.model,
    messages: [{ role: "user", content: image ? parts : content }],
    stream: false,
  });
}

/** `served`: the model and the build that a response names, where it does. */
export type Reply =
  | { readonly text: string; readonly served: string | null }
  | { readonly problem: CallProblem; readonly message: string };

/**
 * The text of a chat completion: choices[0].message.content, a string, parts of text, or null for a blank. An error
 * object in a successful answer, as some servers send it, is a refusal. `message` is the endpoint's own word for it.
 */
export function chatReply(response: string): Reply {
  let value: unknown;
  try {
    // Servers write random identifiers and times in nanoseconds as they like.
    value = parseStrictJson(utf8(response), "the response", { hugeIntegers: "keep" });
  } catch (error) {
    return { problem: "not-json", message: error instanceof Error ? error.message : "not JSON" };
  }
  const message = member(member(member(value, "choices"), 0), "message");
  const content = member(message, "content");
  const served = servedBy(value);
  if (typeof content === "string") return { text: content, served };
  if (Array.isArray(content)) {
    const texts = content.map((part) => member(part, "text")).filter((part) => typeof part === "string");
    return { text: texts.join(""), served };
  }
  if (content === null || (content === undefined && isObject(message))) return { text: "", served };
  const error = chatError(value);
  if (error !== null) return { problem: "refused", message: error };
  return { problem: "no-completion", message: "there is no choices[0].message.content in it" };
}

/** What an endpoint says in an error object, {"error": {"message"}} or {"message"} or {"detail"}; null when nothing. */
export function chatError(value: unknown): string | null {
  const error = member(value, "error");
  const said = [member(error, "message"), error, member(value, "message"), member(value, "detail")];
  return (said.find((one) => typeof one === "string" && one !== "") as string | undefined) ?? null;
}

function servedBy(value: unknown): string | null {
  const named = [member(value, "model"), member(value, "system_fingerprint")];
  const found = named.filter((one): one is string => typeof one === "string" && one !== "");
  return found.length === 0 ? null : found.map((one) => one.slice(0, 200)).join(" ");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(value: unknown, key: string | number): unknown {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
