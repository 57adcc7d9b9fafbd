import { base64, canonical } from "../../log";
import { extractAnswer } from "../extractor";
import type { CanaryItem } from "../items";
import { promptFor } from "../terms";
import { chatReply, chatRequest, type Reply } from "./chat";
import { longestAnswer } from "./limits";
import { sha256Of } from "./lines";
import type { TranscriptHeader } from "./schema";

/** What asking needs of an item. Truth and options stay with the author. */
export type AskedItem = Pick<CanaryItem, "id" | "prompt" | "image">;

/** The part of a header that decides what is sent and how an answer is read. */
export type AskTerms = Pick<TranscriptHeader, "adapter" | "model" | "parameters" | "prompt" | "extractor">;

/** SHA-256 over the asked items in their order, a line of canonical JSON each: id, prompt and image facts. */
export function itemsDigest(items: readonly AskedItem[]): string {
  const lines = items.map(({ id, prompt, image }) => {
    return `${canonical({ id, ...(prompt === undefined ? {} : { prompt }), ...(image ? { image } : {}) })}\n`;
  });
  return sha256Of(lines.join(""));
}

/** The text of the request for an item as a transcript keeps it: an image in it is its SHA-256. */
export function requestText(terms: AskTerms, item: AskedItem): string {
  const text = promptFor(terms, item);
  return terms.adapter === "command"
    ? commandRequest(commandArguments(terms), text, item.image ? `sha256:${item.image.sha256}` : null)
    : chatRequest(terms, text, item, null);
}

/** The text of the request as it is sent: an image in it is its base64. */
export function sentText(terms: AskTerms, item: AskedItem, imageBase64: string | null): string {
  if (terms.adapter === "command" || imageBase64 === null) return requestText(terms, item);
  return chatRequest(terms, promptFor(terms, item), item, `base64,${imageBase64}`);
}

/** SHA-256 of the bytes that are sent for an item, which a transcript has as requestSha256. */
export function sentDigest(terms: AskTerms, item: AskedItem, image: Uint8Array | null): string {
  return sha256Of(sentText(terms, item, image && base64(image)));
}

/** The arguments of a command's header. */
export function commandArguments(terms: Pick<AskTerms, "parameters">): readonly string[] {
  const { arguments: list } = terms.parameters;
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/**
 * One run of a command as JSON: its arguments with {image} and {prompt} filled in (each inside of one argument, so that
 * nothing in them can become two), and the text on its standard input.
 */
export function commandRequest(template: readonly string[], text: string, image: string | null): string {
  return canonical({ arguments: fillArguments(template, text, image), input: text });
}

export function fillArguments(template: readonly string[], text: string, image: string | null): string[] {
  return template.map((argument) =>
    argument.replace(/\{(prompt|image)\}/g, (whole, name: string) =>
      name === "prompt" ? text : (image ?? whole),
    ),
  );
}

/** The text of a response, whatever carried it. */
export function replyText(terms: Pick<AskTerms, "adapter">, response: string): Reply {
  return terms.adapter === "command"
    ? { text: response.replace(/\r?\n$/, ""), served: null }
    : chatReply(response);
}

/** The answer in a reply's text: by the extractor, and no longer than an answer may be. */
export function answerIn(terms: Pick<AskTerms, "extractor">, text: string): string {
  const answer = extractAnswer(terms.extractor, text);
  if (answer.length <= longestAnswer) return answer;
  const cut = answer.slice(0, longestAnswer);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
