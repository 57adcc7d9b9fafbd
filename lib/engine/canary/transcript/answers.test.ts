import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../log";
import { CanaryError } from "../errors";
import { chatReply, chatRequest } from "./chat";
import { answerIn, fillArguments, requestText } from "./exchange";
import { formatAnswers, isParameterName, longestAnswer, modalAnswer, parseAnswers } from "./index";

describe("modal answers", () => {
  const modal = (...answers: string[]) => modalAnswer("i", answers);

  test("two thirds of the repeats make an answer, less makes it unstable", () => {
    expect(modal("a", "a", "b")).toMatchObject({ answer: "a", stable: true, agreeing: 2, repeats: 3 });
    expect(modal("a", "b", "c")).toMatchObject({ answer: "", stable: false, agreeing: 1 });
    expect(modal("a", "a", "b", "b")).toMatchObject({ answer: "", stable: false });
    expect(modal("a", "a", "a", "b", "b")).toMatchObject({ stable: false, agreeing: 3 });
    expect(modal("a", "a", "a", "a", "b", "b")).toMatchObject({ answer: "a", stable: true });
    expect(modal("", "", "a")).toMatchObject({ answer: "", stable: true });
    expect(modal()).toMatchObject({ answer: "", stable: false });
  });

  test("answers that normalise to one are one; the most frequent writing is kept, the earliest of equals", () => {
    expect(modal("Crane.", "crane", "ＣＲＡＮＥ")).toMatchObject({
      answer: "Crane.",
      stable: true,
      agreeing: 3,
    });
    expect(modal("Crane.", "crane", "crane")).toMatchObject({ answer: "crane" });
    expect(modal("\u200bcrane", "heron", "crane")).toMatchObject({ answer: "\u200bcrane", agreeing: 2 });
  });

  test("agreeing is two thirds exactly where it says so, in whatever order the repeats come", () => {
    const answers = fc.array(fc.constantFrom("a", "b", "A!", ""), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(answers, (list) => {
        const found = modalAnswer("i", list);
        const counts = ["a", "b", ""].map(
          (one) => list.filter((answer) => answer.toLowerCase().replace("!", "") === one).length,
        );
        expect(found.agreeing).toBe(Math.max(...counts));
        expect(found.stable).toBe(Math.max(...counts) / list.length >= 2 / 3 - 1e-12);
        const back = modalAnswer("i", list.toReversed());
        expect([back.stable, back.agreeing]).toEqual([found.stable, found.agreeing]);
      }),
    );
  });
});

describe("answer files", () => {
  const failure = (source: Uint8Array | string, ids?: string[]): CanaryError => {
    try {
      parseAnswers(source, { what: "a.jsonl", ...(ids ? { ids } : {}) });
    } catch (error) {
      if (error instanceof CanaryError) return error;
      throw error;
    }
    throw new Error("it was read");
  };
  const line = (id: string, answer = "x") => `${JSON.stringify({ id, answer })}\n`;

  test("are read in the items' order, whatever order and composition the file has", () => {
    const decomposed = "e\u0301";
    const source = line("b", "2") + line(decomposed, "1");
    expect(parseAnswers(source, { ids: ["é", "b"] })).toEqual([
      { id: "é", answer: "1" },
      { id: "b", answer: "2" },
    ]);
    expect(parseAnswers(`\ufeff${line("a")}\r\n\n`)).toEqual([{ id: "a", answer: "x" }]);
  });

  test.each([
    ["duplicate-answer", line("a") + line("b") + line("a"), "line 3"],
    ["duplicate-answer", line("é") + line("e\u0301"), "line 2"],
    ["unknown-item", line("a") + line("b") + line("z"), "line 3"],
    ["missing-answer", line("a"), '"b"'],
    ["bad-answers", `${line("a")}{"id":"b"}\n`, "line 2"],
    ["bad-answers", `${line("a")}{"id":"b","answer":5}\n`, "line 2"],
    ["bad-answers", `${line("a")}{"id":"b","answer":"","score":1}\n`, "line 2"],
    ["malformed", `${line("a")}nonsense\n`, "line 2"],
    ["malformed", `${line("a")}{"id":"b","id":"c","answer":""}\n`, "line 2"],
    ["malformed", `${line("a")}{"id":"b","answer":"\\ud83d"}\n`, "line 2"],
  ])("%s", (code, source, said) => {
    const error = failure(source, ["a", "b", "é"].slice(0, code === "duplicate-answer" ? 3 : 2));
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
    expect(error.message).toContain("a.jsonl");
  });

  test("one line in another encoding, or a file in another, is refused", () => {
    const gbk = Buffer.concat([
      Buffer.from('{"id":"b","answer":"'),
      Buffer.from([0xb1, 0xbf]),
      Buffer.from('"}\n'),
    ]);
    expect(failure(Buffer.concat([utf8(line("a", "竹")), gbk])).message).toContain("line 2");
    expect(failure(Buffer.from(line("a"), "utf16le")).message).toContain("UTF-16");
    expect(failure("").code).toBe("bad-answers");
  });

  test("what is written is read again, control characters, emoji and all", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    const answers = fc.uniqueArray(fc.record({ id: text, answer: text }), {
      selector: ({ id }) => id.normalize("NFC"),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(answers, (list) => {
        const kept = list
          .filter(({ id }) => id !== "")
          .map(({ id, answer }) => ({ id: id.normalize("NFC"), answer }));
        fc.pre(kept.length > 0);
        expect(parseAnswers(utf8(formatAnswers(kept)))).toEqual(kept);
      }),
    );
    const unstable = [{ id: "a", answer: "", unstable: true }];
    expect(parseAnswers(formatAnswers(unstable))).toEqual(unstable);
  });
});

describe("requests and replies", () => {
  const terms = {
    adapter: "openai-chat" as const,
    model: "reed",
    parameters: { temperature: 0 },
    prompt: "Name it: {prompt}",
    extractor: { kind: "whole" as const },
  };

  test("a prompt is data: nothing in it is filled in or replaced", () => {
    const asked = { id: "i", prompt: "$& {prompt} $1 {image}" };
    expect(JSON.parse(requestText(terms, asked)).messages[0].content).toBe("Name it: $& {prompt} $1 {image}");
    expect(fillArguments(["--image={image}", "{prompt}"], "a {image} b", "/tmp/x.png")).toEqual([
      "--image=/tmp/x.png",
      "a {image} b",
    ]);
  });

  test("parameters replace neither model nor messages, and null leaves one out", () => {
    const given = {
      model: "reed",
      parameters: { messages: [], model: "x", stream: true, temperature: null, seed: 7 },
    };
    expect(JSON.parse(chatRequest(given, "hello", {}, null))).toEqual({
      model: "reed",
      messages: [{ role: "user", content: "hello" }],
      stream: false,
      seed: 7,
    });
    expect(["max_tokens", "top_k", "seed", "reasoning_effort"].every(isParameterName)).toBe(true);
    expect(["key", "api_key", "apiKey", "password", "__proto__x-"].some(isParameterName)).toBe(false);
  });

  test("content is text, parts of text, or a blank; everything else is a problem", () => {
    const reply = (value: unknown) => chatReply(JSON.stringify(value));
    const message = (content: unknown) => ({ model: "m", choices: [{ message: { content } }] });
    expect(reply(message("x"))).toEqual({ text: "x", served: "m" });
    expect(reply(message(null))).toMatchObject({ text: "" });
    expect(reply({ choices: [{ message: { refusal: "no" } }] })).toMatchObject({ text: "" });
    expect(reply(message([{ type: "text", text: "a" }, { type: "image" }, { text: "b" }, 5]))).toMatchObject({
      text: "ab",
    });
    for (const other of [message(5), message({}), { choices: {} }, { choices: [null] }, [], null, "x", {}])
      expect(reply(other)).toMatchObject({ problem: "no-completion" });
    expect(reply({ error: { message: "too long" } })).toEqual({ problem: "refused", message: "too long" });
    expect(
      chatReply('{"id":123456789012345678901234567890,"choices":[{"message":{"content":"x"}}]}'),
    ).toMatchObject({
      text: "x",
    });
    expect(chatReply('{"a":1,"a":2}')).toMatchObject({ problem: "not-json" });
  });

  test("any reply at all is text or a problem", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (response) => {
        const found = chatReply(response);
        expect("text" in found ? typeof found.text : typeof found.problem).toBe("string");
      }),
    );
  });

  test("an answer is cut at a whole character", () => {
    const long = `${"x".repeat(longestAnswer - 1)}\u{1f426}`;
    const cut = answerIn(terms, long);
    expect(cut.isWellFormed()).toBe(true);
    expect(cut).toBe("x".repeat(longestAnswer - 1));
  });
});
