import { canonical } from "../../log";
import { CanaryError } from "../errors";
import { idKey } from "../items";
import { type CanaryTerms, promptFor } from "../terms";
import { chatRequest, isPlainParameter } from "./chat";
import { type AskedItem, commandArguments, commandRequest, itemsDigest } from "./exchange";
import type { TranscriptSummary } from "./fold";
import { parseHeaderLine, sha256Of } from "./lines";
import { readTranscript } from "./read";
import type { Call, TranscriptHeader } from "./schema";

/** What a model was shown in one call, whoever carried it. */
export interface Question {
  readonly text: string;
  /** SHA-256 of the picture; null where there was none. */
  readonly image: string | null;
}

/** The questions that a set commits to, as far as they are public. */
export interface CommittedQuestions {
  readonly terms: Pick<CanaryTerms, "prompt" | "extractor" | "repeats">;
  readonly setId: string;
  /** By id in NFC; null for an item that cannot be asked. */
  readonly byId: ReadonlyMap<string, Question | null>;
  /** Whether these are all: whatever else was asked is no item of the set. */
  readonly complete: boolean;
  /** Digest over the asked items that a header has to name, by their ids in the order asked; null: not known. */
  readonly digest: (ids: readonly string[]) => string | null;
  /** SHA-256 of the bytes that are sent for an item with a picture; undefined where the picture is not here. */
  readonly sent?: (header: TranscriptHeader, id: string) => string | undefined;
}

/**
 * The question that a committed item is: the registered template with its prompt put in, and its picture. Null where the
 * template has no place for the prompt: then nobody can have been asked it.
 */
export function questionOf(
  terms: Pick<CanaryTerms, "prompt">,
  item: Pick<AskedItem, "prompt" | "image">,
): Question | null {
  if (item.prompt !== undefined && !terms.prompt.includes("{prompt}")) return null;
  return { text: promptFor(terms, item), image: item.image?.sha256 ?? null };
}

/** Digest of a header over known items; null where one of the asked is not among them. */
export function digestOfAsked(
  items: ReadonlyMap<string, AskedItem>,
): (ids: readonly string[]) => string | null {
  return (ids) => {
    const asked = ids.flatMap((id) => items.get(id) ?? []);
    return asked.length === ids.length ? itemsDigest(asked) : null;
  };
}

/**
 * Reads a transcript that a stranger handed in and holds every call of it against what was committed: its request is the
 * registered template put around the item, with the committed picture, and nothing beside it that could steer an answer.
 * Throws CanaryError: those of readTranscript, and "other-items" where anything else was asked.
 */
export function readAsCommitted(
  bytes: Uint8Array,
  questions: CommittedQuestions,
  root?: string,
): TranscriptSummary {
  const { terms, setId, byId, complete } = questions;
  const summary = readTranscript(bytes, {
    items: null,
    ...(root === undefined ? {} : { root }),
    eachCall(header, call) {
      const expected = byId.get(idKey(call.id));
      if (expected === undefined && !complete) return;
      const asked = questionIn(header, call.request);
      if (!expected || asked?.text !== expected.text || asked.image !== expected.image)
        throw other(`call ${call.n} does not ask the committed item ${JSON.stringify(call.id.slice(0, 60))}`);
      if (!sentAs(questions, header, asked, call))
        throw other(`call ${call.n} did not send the committed picture of its item`);
    },
  });
  const { header } = summary;
  if (header.setId !== null && header.setId !== setId) throw other("it is of another set");
  const registered =
    header.prompt === terms.prompt &&
    canonical(header.extractor) === canonical(terms.extractor) &&
    header.repeats >= terms.repeats;
  if (!registered) throw other("its prompt, extractor or repeats are not those of the terms");
  const steering = Object.keys(header.parameters).find((name) => !isPlainParameter(header, name));
  if (steering !== undefined)
    throw other(`its requests have the parameter ${JSON.stringify(steering)}, which can steer answers`);
  const digest = questions.digest(summary.answers.map(({ id }) => idKey(id)));
  if (digest !== null && digest !== header.items.sha256) throw other("its header names other items");
  return summary;
}

/**
 * The questions that a transcript put, by item, and the digest that its header names: of a generator's items, whose
 * pictures nobody committed, the first transcript says what they look like. Throws CanaryError as readTranscript, and
 * "other-items" where an item was not asked the same each time.
 */
export function questionsIn(bytes: Uint8Array): {
  readonly byId: ReadonlyMap<string, Question>;
  readonly digest: string;
} {
  const byId = new Map<string, Question>();
  readTranscript(bytes, {
    items: null,
    eachCall(header, call) {
      const asked = questionIn(header, call.request);
      const before = byId.get(idKey(call.id)) ?? asked;
      if (asked === null || before?.text !== asked.text || before.image !== asked.image)
        throw other(`item ${JSON.stringify(call.id.slice(0, 60))} was not asked the same each time`);
      byId.set(idKey(call.id), asked);
    },
  });
  const end = bytes.indexOf(0x0a);
  return { byId, digest: parseHeaderLine(bytes.subarray(0, end)).items.sha256 };
}

/** What a request asks; null for one that is not built as this transcript's header says. */
function questionIn(header: TranscriptHeader, request: string): Question | null {
  const found = header.adapter === "command" ? commandQuestion(request) : chatQuestion(request);
  if (found === null) return null;
  const { text, image, type } = found;
  const again =
    header.adapter === "command"
      ? commandRequest(commandArguments(header), text, image === null ? null : `sha256:${image}`)
      : chatRequest(header, text, image === null ? {} : { image: { sha256: image, type, size: 1 } }, null);
  return again === request ? { text, image } : null;
}

type ImageType = "image/png" | "image/jpeg" | "image/webp";
interface Found extends Question {
  readonly type: ImageType;
}

const dataUrl = /^data:(image\/(?:png|jpeg|webp));sha256,([0-9a-f]{64})$/;

function chatQuestion(request: string): Found | null {
  const content = parsed(request)?.messages?.[0]?.content;
  if (typeof content === "string") return { text: content, image: null, type: "image/png" };
  if (!Array.isArray(content)) return null;
  const url = content.at(-1)?.image_url?.url;
  const [, type, image] = dataUrl.exec(typeof url === "string" ? url : "") ?? [];
  if (image === undefined) return null;
  const first = content.length > 1 ? content[0]?.text : "";
  return typeof first === "string" ? { text: first, image, type: type as ImageType } : null;
}

function commandQuestion(request: string): Found | null {
  const { input, arguments: given } = parsed(request) ?? {};
  if (typeof input !== "string" || !Array.isArray(given)) return null;
  const [, image = null] = /sha256:([0-9a-f]{64})/.exec(given.join("\n")) ?? [];
  return { text: input, image, type: "image/png" };
}

/** The members of a request that are looked at, each possibly anything. */
interface Request {
  readonly messages?: readonly { readonly content?: unknown }[];
  readonly input?: unknown;
  readonly arguments?: unknown;
}

function parsed(request: string): Request | null {
  try {
    const value: unknown = JSON.parse(request);
    return typeof value === "object" && value !== null ? (value as Request) : null;
  } catch {
    return null;
  }
}

/** A request without a picture was sent as it stands; of one with a picture the bytes are known where the picture is. */
function sentAs(
  { sent }: CommittedQuestions,
  header: TranscriptHeader,
  asked: Question,
  call: Call,
): boolean {
  const asText = asked.image === null || header.adapter === "command";
  const expected = asText ? sha256Of(call.request) : sent?.(header, idKey(call.id));
  return expected === undefined || expected === call.requestSha256;
}

const other = (how: string) => new CanaryError("other-items", `the transcript is of other questions: ${how}`);
