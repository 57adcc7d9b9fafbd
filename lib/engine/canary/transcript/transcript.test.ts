import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, hex, leafHash, rootOfHashes, utf8 } from "../../log";
import { CanaryError } from "../errors";
import { itemsDigest, requestText } from "./exchange";
import {
  type AskedItem,
  type Call,
  lineOf,
  parseHeaderLine,
  readTranscript,
  sentDigest,
  type TranscriptHeader,
} from "./index";
import { sha256Of } from "./lines";

const items: AskedItem[] = [
  { id: "a", prompt: "Which bird?" },
  { id: "b", prompt: "哪种鸟？" },
  { id: "c", image: { sha256: "ab".repeat(32), type: "image/png", size: 7 } },
];

const header: TranscriptHeader = {
  schema: "slipmark.canary-transcript/v1",
  setId: "00112233445566778899aabbccddeeff",
  adapter: "openai-chat",
  endpoint: "http://127.0.0.1:8000/v1",
  model: "reed",
  weights: null,
  engine: "vllm",
  engineVersion: "0.1",
  quantisation: null,
  parameters: { temperature: 0 },
  prompt: "{prompt}",
  extractor: { kind: "first-line" },
  repeats: 3,
  items: { count: 3, sha256: itemsDigest(items) },
  startedAt: "2026-01-01T00:00:00.000Z",
};

const completion = (content: string) => JSON.stringify({ choices: [{ message: { content } }] });

function callFor(n: number, item: AskedItem, repeat: number, changes: Partial<Call> = {}): Call {
  const response = completion(`answer ${item.id}\nbecause`);
  const request = requestText(header, item);
  return {
    n,
    id: item.id,
    repeat,
    request,
    requestSha256: item.image ? "cd".repeat(32) : sha256Of(request),
    status: 200,
    date: "Thu, 01 Jan 2026 00:00:00 GMT",
    receivedAt: "2026-01-01T00:00:00.000Z",
    attempts: 1,
    response,
    encoding: "utf-8",
    responseSha256: sha256Of(response),
    problem: null,
    answer: `answer ${item.id}`,
    ...changes,
  };
}

function calls(): Call[] {
  let n = 0;
  return [1, 2, 3].flatMap((repeat) => items.map((item) => callFor(++n, item, repeat)));
}

const fileOf = (records: readonly (TranscriptHeader | Call)[]) =>
  utf8(records.map((record) => `${lineOf(record).text}\n`).join(""));
const whole = fileOf([header, ...calls()]);

function failure(bytes: Uint8Array, options: Parameters<typeof readTranscript>[1] = { items }): CanaryError {
  try {
    readTranscript(bytes, options);
  } catch (error) {
    if (error instanceof CanaryError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("a transcript", () => {
  test("comes to one answer an item, and to the RFC 6962 root over its lines", () => {
    const summary = readTranscript(whole, { items });
    expect(summary.answers.map(({ id, answer }) => [id, answer])).toEqual([
      ["a", "answer a"],
      ["b", "answer b"],
      ["c", "answer c"],
    ]);
    const lines = new TextDecoder().decode(whole).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(summary.root).toBe(hex(rootOfHashes(lines.map((line) => leafHash(utf8(line))))));
    // Fixed: a change of the format would make every registered root unverifiable.
    expect(summary.root).toBe("e966a7208c4b97b801979872a6e43174d8cec914d79fcf655f0f8335211735c1");
    expect(readTranscript(whole, { items: null, root: summary.root }).calls).toBe(9);
  });

  test("one changed byte names its line, wherever it is", () => {
    const lineOfByte: number[] = [];
    let line = 1;
    for (const byte of whole) {
      lineOfByte.push(line);
      if (byte === 0x0a) line += 1;
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const edited = whole.slice();
        edited[at] = (edited[at] as number) ^ change;
        const error = failure(edited);
        expect(["bad-transcript", "edited-transcript"]).toContain(error.code);
        const said = Number(/line (\d+)/.exec(error.message)?.[1]);
        // A line feed that is gone joins two lines, one that is new splits one: the first of both is named.
        expect(said).toBe(lineOfByte[at]);
        expect(error.message).not.toContain("\n");
      }),
      { numRuns: 400 },
    );
  });

  test("whoever changes a line and its hash too meets the registered root, or the registered line", () => {
    const { root } = readTranscript(whole, { items });
    const leaves = [header, ...calls()].map((record) => hex(lineOf(record).leaf));
    const forged = calls();
    const other = completion("another answer");
    forged[4] = {
      ...(forged[4] as Call),
      response: other,
      responseSha256: sha256Of(other),
      answer: "another answer",
    };
    const file = fileOf([header, ...forged]);
    expect(readTranscript(file, { items }).answers[1]?.answer).toBe("answer b");
    expect(failure(file, { items, root })).toMatchObject({ code: "edited-transcript" });
    expect(failure(file, { items, root }).message).toContain("not the one that was registered");
    expect(failure(file, { items, root, leaves }).message).toContain("line 6 ");
  });

  test("an answer, a response or a request that was exchanged alone is found by its line", () => {
    const changed = (changes: Partial<Call>) => {
      const list = calls();
      list[3] = callFor(4, items[0] as AskedItem, 2, changes);
      return failure(fileOf([header, ...list]));
    };
    for (const [changes, said] of [
      [{ answer: "answer b" }, "the answer is not the one in the response"],
      [{ response: completion("answer b"), answer: "answer b" }, "responseSha256"],
      [{ request: requestText(header, items[1] as AskedItem) }, "the request is not the one"],
      [{ requestSha256: "00".repeat(32) }, "requestSha256"],
      [{ problem: "refused" }, "an answer beside a problem"],
      [{ response: null, responseSha256: null }, "without a response"],
      [{ response: "{}", responseSha256: sha256Of("{}") }, "holds no answer"],
    ] as [Partial<Call>, string][]) {
      const error = changed(changes);
      expect(error.message).toContain("line 5 ");
      expect(error.message).toContain(said);
    }
  });

  test("a problem hides no good answer", () => {
    const list = calls();
    list[3] = callFor(4, items[0] as AskedItem, 2, { problem: "not-json", answer: "" });
    expect(failure(fileOf([header, ...list])).message).toContain("line 5 ");
  });

  test("a member lineSha256 inside of the parameters changes nothing", () => {
    const own = { ...header, parameters: { extra: { a: 1, lineSha256: "x" }, lineSha256: "y" } };
    const line = lineOf(own).text;
    expect(parseHeaderLine(utf8(line))).toEqual(own);
    expect(JSON.parse(line).lineSha256).toBe(sha256Of(canonical(own)));
    const cut = line.replace(',"lineSha256":"x"', "");
    expect(() => parseHeaderLine(utf8(cut))).toThrow("line 1 of the transcript was changed");
  });

  test("with the image at hand the bytes that were sent are checked too", () => {
    const image = utf8("a picture");
    const facts = { sha256: sha256Of(image), type: "image/png" as const, size: image.length };
    const asked: AskedItem[] = [{ id: "p", prompt: "Read.", image: facts }];
    const own = { ...header, items: { count: 1, sha256: itemsDigest(asked) } };
    const request = requestText(own, asked[0] as AskedItem);
    const requestSha256 = sentDigest(own, asked[0] as AskedItem, image);
    const list = [1, 2, 3].map((n) => callFor(n, asked[0] as AskedItem, n, { request, requestSha256 }));
    const file = fileOf([own, ...list]);
    expect(readTranscript(file, { items: asked, sent: new Map([["p", requestSha256]]) }).calls).toBe(3);
    const other = new Map([["p", sentDigest(own, asked[0] as AskedItem, utf8("another"))]]);
    expect(failure(file, { items: asked, sent: other }).message).toContain("line 2 ");
  });

  test("duplicates, gaps, unknown items and missing calls are refused, each by one sentence", () => {
    const list = calls();
    const again = callFor(10, items[0] as AskedItem, 3);
    expect(failure(fileOf([header, ...list, again]))).toMatchObject({ code: "duplicate-answer", item: "a" });
    const stranger = callFor(4, { id: "z", prompt: "?" }, 1);
    expect(failure(fileOf([header, ...list.slice(0, 3), stranger]))).toMatchObject({
      code: "unknown-item",
      item: "z",
    });
    expect(failure(fileOf([header, ...list.slice(0, 3), stranger]), { items: null }).code).toBe(
      "bad-transcript",
    );
    expect(failure(fileOf([header, ...list.slice(0, 8)]))).toMatchObject({
      code: "missing-answer",
      item: "c",
    });
    expect(failure(fileOf([header]), { items: null }).code).toBe("missing-answer");
    expect(failure(fileOf([header, ...list.slice(1)])).message).toContain(
      "call 2 stands where call 1 belongs",
    );
    expect(
      failure(fileOf([header, ...list.slice(0, 8), callFor(9, items[2] as AskedItem, 4)])).message,
    ).toContain("repeat 4 of 3");
    expect(failure(fileOf(list)).message).toContain("line 1 ");
    expect(failure(new Uint8Array(0)).message).toContain("line 1 ");
    expect(failure(whole.slice(0, -1)).message).toContain("line 10 of the transcript: it is cut off");
  });

  test("other items, another order and other encodings are refused", () => {
    expect(failure(whole, { items: items.toReversed() }).message).toContain("other items");
    expect(failure(whole, { items: items.slice(1) }).message).toContain("other items");
    const utf16 = Buffer.from(`\ufeff${new TextDecoder().decode(whole)}`, "utf16le");
    expect(failure(utf16).message).toContain("UTF-16");
    expect(failure(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), whole])).message).toContain(
      "byte order mark",
    );
    const lines = new TextDecoder().decode(whole).split("\n");
    const mixed = lines.map((line, at) => Buffer.from(`${line}\n`, at === 2 ? "latin1" : "utf8"));
    // 哪种鸟 in one line of another encoding.
    mixed[2] = Buffer.from(mixed[2]?.toString("latin1").replace("answer b", "answer \u00e9") ?? "", "latin1");
    expect(failure(Buffer.concat(mixed)).message).toContain("line 3 of the transcript: not UTF-8");
    const spaced = lines.map((line, at) => (at === 4 ? line.replace(",", ", ") : line)).join("\n");
    expect(failure(utf8(spaced)).message).toContain("line 5 ");
    const twice = lines.map((line, at) =>
      at === 4 ? line.replace('{"answer"', '{"answer":"x","answer"') : line,
    );
    expect(failure(utf8(twice.join("\n"))).message).toContain("line 5 ");
  });

  test("whatever bytes come, the answer is a summary or one CanaryError", () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(...new TextDecoder().decode(whole).split("\n")),
      fc.record({ n: fc.nat(), id: fc.string(), answer: fc.string() }).map((record) => {
        return canonical({ ...record, lineSha256: sha256Of(canonical(record)) });
      }),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(line).map((all) => utf8(`${all.join("\n")}\n`)),
          fc.uint8Array(),
        ),
        (bytes) => {
          const error = failure(bytes, { items: null });
          expect(error.message.split("\n")).toHaveLength(1);
          expect(error.message.length).toBeLessThan(400);
        },
      ),
    );
  });
});
