import { describe, expect, test } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { utf8 } from "../../log";
import type { CommittedQuestions } from "./asked";
import { itemsDigest, requestText, sentDigest } from "./exchange";
import {
  type AskedItem,
  type Call,
  digestOfAsked,
  lineOf,
  questionOf,
  questionsIn,
  readAsCommitted,
  type TranscriptHeader,
} from "./index";
import { sha256Of } from "./lines";

const image = Uint8Array.from([1, 2, 3, 4]);
const items: readonly AskedItem[] = [
  { id: "a", prompt: "Which bird?" },
  { id: "b", prompt: "哪种鸟？" },
  { id: "c", image: { sha256: sha256Of(image), type: "image/png", size: 4 } },
];
const terms = {
  prompt: "Answer with one word. {prompt}",
  extractor: { kind: "regex" as const, pattern: "\\w+" },
  repeats: 3,
};
const setId = "00112233445566778899aabbccddeeff";
const header: TranscriptHeader = {
  schema: "slipmark.canary-transcript/v1",
  setId,
  adapter: "openai-chat",
  endpoint: "https://models.example/v1",
  model: "reed",
  weights: null,
  engine: null,
  engineVersion: null,
  quantisation: null,
  parameters: { temperature: 0, max_tokens: 64 },
  ...terms,
  items: { count: 3, sha256: itemsDigest(items) },
  startedAt: "2026-01-01T00:00:00.000Z",
};
const command: TranscriptHeader = { ...header, adapter: "command", parameters: { arguments: ["{image}"] } };

/** A transcript in which `asked` stands for what was really put to the model in the place of an item. */
function transcript(
  of: TranscriptHeader,
  asked: (item: AskedItem) => Partial<Call> & { readonly question?: AskedItem } = () => ({}),
): Uint8Array {
  let n = 0;
  const calls = [1, 2, 3].flatMap((repeat) =>
    items.slice(0, of.items.count).map((item) => {
      const { question = item, ...changes } = asked(item);
      const response =
        of.adapter === "command" ? "crane" : JSON.stringify({ choices: [{ message: { content: "crane" } }] });
      const call: Call = {
        n: ++n,
        id: item.id,
        repeat,
        request: requestText(of, question),
        requestSha256: sentDigest(of, question, question.image ? image : null),
        status: of.adapter === "command" ? 0 : 200,
        date: null,
        receivedAt: "2026-01-01T00:00:00.000Z",
        attempts: 1,
        response,
        encoding: "utf-8",
        responseSha256: sha256Of(response),
        problem: null,
        answer: "crane",
        ...changes,
      };
      return call;
    }),
  );
  return utf8([of, ...calls].map((record) => `${lineOf(record).text}\n`).join(""));
}

const questions = (changes: Partial<CommittedQuestions> = {}): CommittedQuestions => ({
  terms,
  setId,
  byId: new Map(items.map((item) => [item.id, questionOf(terms, item)])),
  complete: true,
  digest: digestOfAsked(new Map(items.map((item) => [item.id, item]))),
  sent: (of, id) => {
    const item = items.find((one) => one.id === id);
    return item?.image && sentDigest(of, item, image);
  },
  ...changes,
});
const code = (bytes: Uint8Array, changes: Partial<CommittedQuestions> = {}) =>
  canaryCodeOf(() => readAsCommitted(bytes, questions(changes)));

describe("a transcript beside the committed items", () => {
  test("that asked them as committed is taken, by an endpoint and by a command", () => {
    expect(code(transcript(header))).toBeNull();
    expect(code(transcript(command))).toBeNull();
    expect(readAsCommitted(transcript(header), questions()).answers.map(({ answer }) => answer)).toEqual(
      Array(3).fill("crane"),
    );
  });

  test.each<[string, Uint8Array]>([
    [
      "another prompt",
      transcript(header, ({ id }) => (id === "a" ? { question: { id, prompt: "Say crane." } } : {})),
    ],
    ["no prompt at all", transcript(header, ({ id }) => (id === "a" ? { question: { id } } : {}))],
    [
      "another prompt by a command",
      transcript(command, ({ id }) => (id === "b" ? { question: { id, prompt: "crane" } } : {})),
    ],
    [
      "another picture",
      transcript(header, ({ id, image: facts }) =>
        facts ? { question: { id, image: { ...facts, sha256: "ab".repeat(32) } } } : {},
      ),
    ],
    ["no picture", transcript(header, ({ id, image: facts }) => (facts ? { question: { id } } : {}))],
    ["a command that never saw the picture", transcript({ ...command, parameters: { arguments: [] } })],
    [
      "other bytes under the picture's name",
      transcript(header, (item) => (item.image ? { requestSha256: "cd".repeat(32) } : {})),
    ],
    [
      "other bytes than the text",
      transcript(header, ({ id }) => (id === "a" ? { requestSha256: "cd".repeat(32) } : {})),
    ],
    [
      "a second message that says what to answer",
      transcript(header, (item) => {
        if (item.id !== "a") return {};
        const request = JSON.parse(requestText(header, item));
        const steered = { ...request, messages: [...request.messages, { role: "system", content: "crane" }] };
        const text = JSON.stringify(steered);
        return { request: text, requestSha256: sha256Of(text) };
      }),
    ],
    ["a request that is no JSON", transcript(header, ({ id }) => (id === "a" ? { request: "crane" } : {}))],
    ["a grammar", transcript({ ...header, parameters: { guided_regex: "crane" } })],
    ["a template of its own", transcript({ ...header, parameters: { chat_template: "crane" } })],
    ["a bias", transcript({ ...header, parameters: { logit_bias: { "17": 100 } } })],
    ["another set", transcript({ ...header, setId: "ff".repeat(16) })],
    ["another template", transcript({ ...header, prompt: "{prompt} Say crane." })],
    ["another extractor", transcript({ ...header, extractor: { kind: "first-line" } })],
    ["a header of other items", transcript({ ...header, items: { count: 3, sha256: "ef".repeat(32) } })],
  ])("%s is of other items", (_, bytes) => {
    expect(code(bytes)).toBe("other-items");
  });

  test("whose items are no items of the set is of other items, unless some are not public yet", () => {
    const known = new Map([...questions().byId].filter(([id]) => id !== "a"));
    const some = { byId: known, digest: () => null };
    expect(code(transcript(header), some)).toBe("other-items");
    expect(code(transcript(header), { ...some, complete: false })).toBeNull();
    // What is public is looked at all the same.
    const changed = transcript(header, ({ id }) => (id === "b" ? { question: { id, prompt: "crane" } } : {}));
    expect(code(changed, { ...some, complete: false })).toBe("other-items");
  });

  test("a template without a place for the prompt asks nothing of the item", () => {
    const blind = { ...terms, prompt: "Answer." };
    const byId = new Map(items.map((item) => [item.id, questionOf(blind, item)]));
    expect(code(transcript({ ...header, ...blind }), { terms: blind, byId })).toBe("other-items");
  });

  test("what the first one asked says what drawn items look like, whatever carried them", () => {
    const first = questionsIn(transcript(command));
    expect(first.byId).toEqual(questions().byId);
    expect(first.digest).toBe(itemsDigest(items));
    const as = { byId: first.byId, digest: () => first.digest };
    expect(code(transcript(header), as)).toBeNull();
    let turn = 0;
    const changing = transcript(header, ({ id }) => ({ question: { id, prompt: `${++turn}` } }));
    expect(canaryCodeOf(() => questionsIn(changing))).toBe("other-items");
  });
});
