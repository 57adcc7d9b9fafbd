import { beforeAll, describe, expect, test } from "vitest";
import { addTranscript, answersOf, canarySet, pinRelease, recordAnswers } from "@/lib/canaries/server";
import { type CanaryItem, promptFor } from "@/lib/engine/canary";
import {
  type Call,
  formatAnswers,
  itemsDigest,
  lineOf,
  readTranscript,
  requestText,
  type TranscriptHeader,
  transcriptSchemaName,
} from "@/lib/engine/canary/transcript";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { hubRepository } from "@/tests/support/hub";
import { recordedActs } from "@/tests/support/recorded-acts";
import { safetensors } from "../registry/support";
import { type CommittedSet, judgingWorld, labelTerms } from "./judging-world";

const repository = hubRepository("river-lab/pinned", {
  "config.json": { model_type: "pinned" },
  "model.safetensors": safetensors({ w: [4, 4] }),
});
const world = await judgingWorld([repository]);
const { db } = world;
const terms = labelTerms(8);
let author: Viewer;
let collector: Viewer;
let reader: Viewer;
let set: CommittedSet;

beforeAll(async () => {
  author = await world.user("Author");
  collector = await world.user("Collector");
  reader = await world.user("Reader");
  set = await world.commit(author);
});

const file = (answers: readonly { readonly id: string; readonly answer: string }[]) =>
  Buffer.from(formatAnswers(answers), "utf8");
const right = () => set.items.map(({ id, answer = "" }) => ({ id, answer }));

/** A transcript as the command line writes it: every item three times, at a model that answers by `answer`. */
function transcriptOf(
  items: readonly CanaryItem[],
  answer: (item: CanaryItem) => string,
  change: Partial<TranscriptHeader> = {},
): Buffer {
  const header: TranscriptHeader = {
    schema: transcriptSchemaName,
    setId: set.setId,
    adapter: "openai-chat",
    endpoint: "http://127.0.0.1:8000/v1",
    model: "suspect",
    weights: null,
    engine: null,
    engineVersion: null,
    quantisation: null,
    parameters: { temperature: 0 },
    prompt: terms.prompt,
    extractor: terms.extractor,
    repeats: 3,
    items: { count: items.length, sha256: itemsDigest(items) },
    startedAt: "2026-11-27T03:00:00.000Z",
    ...change,
  };
  const lines = [lineOf(header).text];
  let n = 0;
  for (const item of items)
    for (let repeat = 1; repeat <= header.repeats; repeat += 1) {
      n += 1;
      const request = requestText(header, item);
      const response = JSON.stringify({ choices: [{ message: { content: answer(item) } }] });
      const call: Call = {
        n,
        id: item.id,
        repeat,
        request,
        requestSha256: sha256Hex(request),
        status: 200,
        date: "Fri, 27 Nov 2026 03:00:00 GMT",
        receivedAt: "2026-11-27T03:00:00.000Z",
        attempts: 1,
        response,
        encoding: "utf-8",
        responseSha256: sha256Hex(response),
        problem: null,
        answer: answer(item),
      };
      lines.push(lineOf(call).text);
    }
  return Buffer.from(`${lines.join("\n")}\n`, "utf8");
}

const asked = () => set.items.map(({ id, prompt = "" }) => ({ id, prompt }));
const labelOf = (item: CanaryItem) => `label of ${item.id}`;

describe("recordAnswers", () => {
  test("states digests alone, and nobody but the collector reads what is held", async () => {
    const { id, created } = await recordAnswers(world.as(collector), {
      setId: set.setId,
      role: "suspect",
      name: "Xanthic model",
      answers: file(right()),
    });
    expect(created).toBe(true);
    const acts = (await recordedActs(db, "responses")).filter((statement) => statement.includes(id));
    expect(acts).toHaveLength(1);
    expect(JSON.parse(acts[0] ?? "").predicate).toMatchObject({
      set: set.setId,
      role: "suspect",
      transcript: null,
      authenticity: "claimed",
      answersSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(acts[0]).not.toContain("Xanthic");
    // Salted: who guesses the answers cannot confirm it.
    expect(acts[0]).not.toContain(sha256Hex(file(right())));
    expect((await answersOf(world.as(collector), id))?.rows).toHaveLength(8);
    for (const viewer of [anonymous, author, reader]) {
      expect(await answersOf(world.as(viewer), id)).toEqual({ rows: [], complete: false, lines: 8 });
      const shown = (await canarySet(world.as(viewer), set.setId))?.answers.find((one) => one.id === id);
      expect(shown).toMatchObject({ status: "held", lines: 8, answered: 8 });
    }
  });

  test("handed in twice is one; another file is another", async () => {
    const given = { setId: set.setId, role: "reference", name: "R" } as const;
    const first = await recordAnswers(world.as(collector), { ...given, answers: file(right()) });
    expect(await recordAnswers(world.as(collector), { ...given, answers: file(right()) })).toEqual({
      id: first.id,
      created: false,
    });
    // Somebody else's answers may be the same, and are theirs.
    const other = await recordAnswers(world.as(reader), { ...given, answers: file(right()) });
    expect(other.id).not.toBe(first.id);
    const changed = file(right().map((one, at) => (at === 0 ? { ...one, answer: "" } : one)));
    expect((await recordAnswers(world.as(collector), { ...given, answers: changed })).created).toBe(true);
  });

  test.each([
    ["the same item twice", () => `${'{"id":"item-0","answer":"a"}\n'.repeat(2)}`, "duplicate-answer"],
    [
      "more answers than items",
      () => Array.from({ length: 9 }, (_, at) => `{"id":"i${at}","answer":""}\n`).join(""),
      "bad-answers",
    ],
    ["no answers", () => "", "bad-answers"],
    ["what is no JSON", () => "item-0: a\n", "malformed"],
    ["an answer that is no text", () => '{"id":"item-0","answer":5}\n', "bad-answers"],
    ["UTF-16", () => Buffer.from('{"id":"item-0","answer":"a"}\n', "utf16le"), "malformed"],
    ["half a character", () => Buffer.from([0x7b, 0x22, 0xe7, 0xab]), "malformed"],
  ])("refuses %s", async (_, text, code) => {
    const bytes = text();
    await expect(
      recordAnswers(world.as(collector), {
        setId: set.setId,
        role: "suspect",
        name: "S",
        answers: typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes,
      }),
    ).rejects.toMatchObject({
      code: "invalid-input",
      fields: { answers: code },
      detail: { problem: expect.any(String) },
    });
  });

  test("the original's answers are its author's; a release has to have been captured; a set has to be there", async () => {
    const given = { setId: set.setId, name: "O", answers: file(right()) };
    await expect(recordAnswers(world.as(collector), { ...given, role: "original" })).rejects.toMatchObject({
      code: "not-allowed",
      fields: { role: "author-only" },
    });
    await expect(
      recordAnswers(world.as(collector), {
        ...given,
        role: "suspect",
        release: `hf:nobody/nothing@${"a".repeat(40)}`,
      }),
    ).rejects.toMatchObject({ fields: { release: "not-captured" } });
    await expect(
      recordAnswers(world.as(collector), { ...given, role: "suspect", setId: "ee".repeat(16) }),
    ).rejects.toMatchObject({ code: "not-found" });
    await expect(recordAnswers(world.as(anonymous), { ...given, role: "suspect" })).rejects.toMatchObject({
      code: "sign-in-required",
    });
  });

  test("a second collector is somebody else who asked the same model", async () => {
    const given = { setId: set.setId, role: "suspect", name: "Twice asked", answers: file(right()) } as const;
    const first = await recordAnswers(world.as(collector), given);
    for (const [viewer, change, code] of [
      [collector, { answers: file([{ id: "item-0", answer: "z" }]) }, "same-collector"],
      [reader, { name: "Another" }, "other-model"],
      [reader, { role: "reference" as const }, "other-model"],
    ] as const)
      await expect(
        recordAnswers(world.as(viewer), { ...given, ...change, confirms: first.id }),
      ).rejects.toMatchObject({ fields: { confirms: code } });
    await expect(
      recordAnswers(world.as(reader), { ...given, confirms: `ans_${"0".repeat(20)}` }),
    ).rejects.toMatchObject({ fields: { confirms: "unknown-answers" } });
    expect((await recordAnswers(world.as(reader), { ...given, confirms: first.id })).created).toBe(true);
  });
});

describe("transcripts", () => {
  test("a transcript alone is enough: its answers follow from it, its root is stated before any reveal", async () => {
    const transcript = transcriptOf(asked(), labelOf);
    const { root } = readTranscript(transcript, { items: null });
    const { id } = await recordAnswers(world.as(collector), {
      setId: set.setId,
      role: "suspect",
      name: "Asked",
      adapter: "openai-chat",
      transcript,
    });
    const row = await db.canaryAnswerSet.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({
      transcriptRoot: root,
      calls: 24,
      lines: 8,
      answered: 8,
      authenticity: "claimed",
    });
    expect((await recordedActs(db, "responses")).some((statement) => statement.includes(root))).toBe(true);
    expect((await answersOf(world.as(collector), id))?.rows[0]?.answer).toBe("label of item-0");
    // Prompts are the items: before the reveal not even the address of the file is told.
    const shown = (await canarySet(world.as(anonymous), set.setId))?.answers.find((one) => one.id === id);
    expect(shown?.transcript).toEqual({ root, blob: null, size: transcript.length });
  });

  test("of weights that were pinned before, in the hands of somebody unconnected, it is a re-run; the author's own is a claim", async () => {
    const { release } = await world.capture(collector, repository);
    await pinRelease(world.as(reader), { setId: set.setId, address: "hf:river-lab/pinned" });
    const given = { setId: set.setId, role: "reference", name: "Pinned", release } as const;
    const transcript = transcriptOf(asked(), labelOf);
    const classOf = async ({ id }: { readonly id: string }) =>
      (await db.canaryAnswerSet.findUniqueOrThrow({ where: { id } })).authenticity;
    // Not in the log yet, let alone under a witnessed checkpoint.
    expect(await classOf(await recordAnswers(world.as(collector), { ...given, transcript }))).toBe("claimed");
    await world.seal();
    const again = { ...given, name: "Pinned again" };
    expect(await classOf(await recordAnswers(world.as(collector), { ...again, transcript }))).toBe("re-run");
    expect(await classOf(await recordAnswers(world.as(author), { ...again, transcript }))).toBe("claimed");
    const bare = { ...again, answers: file(right()) };
    expect(await classOf(await recordAnswers(world.as(collector), bare))).toBe("claimed");
  });

  test("what was asked otherwise than registered is refused", async () => {
    const given = { setId: set.setId, role: "suspect", name: "S" } as const;
    for (const [change, code] of [
      [{ prompt: "Just say it. {prompt}" }, "terms-mismatch"],
      [{ extractor: { kind: "whole" as const } }, "terms-mismatch"],
      [{ setId: "ab".repeat(16) }, "bad-transcript"],
    ] as const)
      await expect(
        recordAnswers(world.as(collector), { ...given, transcript: transcriptOf(asked(), labelOf, change) }),
      ).rejects.toMatchObject({ code: "invalid-input", fields: { transcript: code } });
    expect(promptFor(terms, { prompt: "Which?" })).toContain("Which?");
  });

  test("one edited after its registration is refused, in whatever way; the registered one is taken", async () => {
    const transcript = transcriptOf(asked(), labelOf);
    const { root } = readTranscript(transcript, { items: null });
    const given = { setId: set.setId, role: "suspect", name: "Kept back" } as const;
    const answers = file(asked().map((item) => ({ id: item.id, answer: labelOf(item) })));
    const { id } = await recordAnswers(world.as(collector), { ...given, answers, transcriptRoot: root });
    const add = (bytes: Uint8Array, viewer = collector) =>
      addTranscript(world.as(viewer), { answersId: id, transcript: bytes });

    const text = transcript.toString("utf8");
    const edited: [string, Uint8Array][] = [
      ["a byte", Buffer.from(text.replace("label of item-3", "label of item-9"), "utf8")],
      [
        "whole, by a forger",
        transcriptOf(asked(), (item) => (item.id === "item-3" ? "other" : labelOf(item))),
      ],
      ["a line dropped", Buffer.from(text.split("\n").toSpliced(5, 1).join("\n"), "utf8")],
      ["cut off", transcript.subarray(0, transcript.length - 40)],
    ];
    for (const [how, bytes] of edited)
      await expect(add(bytes), how).rejects.toMatchObject({
        code: "invalid-input",
        fields: { transcript: expect.stringMatching(/^(edited|bad)-transcript$/) },
      });
    await expect(add(transcript, author)).rejects.toMatchObject({ code: "not-allowed" });
    expect(await add(transcript)).toEqual({ added: true });
    expect(await add(transcript)).toEqual({ added: false });
    // Registered answers that the transcript does not come to are none of it.
    const false_ = await recordAnswers(world.as(collector), {
      ...given,
      name: "Other answers",
      answers: file(right()),
      transcriptRoot: root,
    });
    await expect(
      addTranscript(world.as(collector), { answersId: false_.id, transcript }),
    ).rejects.toMatchObject({ fields: { transcript: "other-answers" } });
  });
});
