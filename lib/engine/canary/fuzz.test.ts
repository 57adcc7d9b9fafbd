import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { tinyJpeg, tinyPng, tinyWebp } from "@/tests/support/tiny-images";
import { knownChains, parseChainInfo } from "./beacon/chains";
import { parseRound, verifyRound } from "./beacon/verify";
import { concat, utf8 } from "./bytes";
import { commitItems } from "./commitment";
import { commitmentSchemaName, formatCommitment, parseCommitment } from "./document";
import { CanaryError } from "./errors";
import { extractAnswer, extractorSchema } from "./extractor";
import { imageFacts } from "./image";
import { itemBytes, parseItem, parseItems } from "./items";
import { parseOpenings, verifyOpening } from "./opening";
import { openSecrets, sealSecrets, secretsOf } from "./secrets";
import { parseTerms } from "./terms";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

const lenient = new TextDecoder();
const json = (value: unknown) => utf8(JSON.stringify(value));
const keys = { seed: "11".repeat(32), setId: "22".repeat(16), authorKeyId: "33".repeat(32) };
const png = tinyPng(3, 2);
const items = [
  { id: "a", prompt: "竹 \u{1f38b}", options: Array.from({ length: 16 }, (_, at) => `o${at}`) },
  { id: "b", image: imageFacts(png, "it"), answer: "簡" },
];
const committed = await commitItems({ ...keys, items: items.map(itemBytes) });
const commitment = { ...keys, root: committed.root, size: 2 };
const opening = { ...committed.openItem(1), image: Buffer.from(png).toString("base64") };
const secrets = {
  ...keys,
  root: committed.root,
  items,
  images: new Map([[imageFacts(png, "it").sha256, png]]),
};
const passphrase = "nobody will guess this";
const sealed = utf8(await sealSecrets(secrets, passphrase, { logN: 14 }));
const beacon = { ...knownChains.quicknet, round: 657413 };
const round = {
  round: 657413,
  signature:
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
};
const terms = {
  schema: "slipmark.canary-terms/v1",
  kind: "random-label",
  items: 2,
  options: 16,
  primary: "secret",
  threshold: "0.01",
  normaliser: "n1",
  fold: "none",
  prompt: "{prompt}",
  extractor: { kind: "regex", pattern: "(a+)b" },
  repeats: 3,
  references: [],
  needsReferences: 5,
  deadline: "2027-01-31",
  beacon,
};
const info = {
  public_key: beacon.publicKey,
  period: 3,
  genesis_time: beacon.genesisTime,
  hash: beacon.chain,
  groupHash: "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
  schemeID: beacon.scheme,
  metadata: { beaconID: "quicknet" },
};
const document = parseCommitment(
  json({
    schema: commitmentSchemaName,
    ...keys,
    seed: undefined,
    root: committed.root,
    items: 2,
    kind: terms.kind,
    terms,
  }),
);

/** Whatever reads bytes or text from somewhere else, with an example that it takes. */
const readers: Record<string, readonly [example: Uint8Array, read: (bytes: Uint8Array) => unknown]> = {
  parseItems: [utf8('{"id":"a","prompt":"竹"}\r\n\n{"id":"b","image":"b.png","answer":"c"}\n'), parseItems],
  "parseItems of text": [utf8('{"id":"a","prompt":"b"}\n'), (bytes) => parseItems(lenient.decode(bytes))],
  parseItem: [itemBytes(items[1] as (typeof items)[1]), (bytes) => parseItem(lenient.decode(bytes))],
  parseOpenings: [json(opening), parseOpenings],
  verifyOpening: [
    json(opening),
    (bytes) => parseOpenings(bytes).map((one) => verifyOpening(one, commitment)),
  ],
  parseTerms: [json(terms), (bytes) => parseTerms(parsed(bytes))],
  parseCommitment: [utf8(formatCommitment(document)), parseCommitment],
  secretsOf: [sealed, secretsOf],
  parseRound: [json(round), parseRound],
  parseChainInfo: [json(info), parseChainInfo],
  "imageFacts of PNG": [png, (bytes) => imageFacts(bytes, "it")],
  "imageFacts of JPEG": [tinyJpeg, (bytes) => imageFacts(bytes, "it")],
  "imageFacts of WebP": [tinyWebp.extended, (bytes) => imageFacts(bytes, "it")],
};

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(lenient.decode(bytes));
  } catch {
    return lenient.decode(bytes);
  }
};

/** An example with some bytes changed, doubled or gone, or nothing like it. */
function damaged(example: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(example.length);
  const cut = fc.tuple(place, place, fc.uint8Array({ maxLength: 8 })).map(([from, to, put]) => {
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    return concat(example.subarray(0, start), put, example.subarray(end));
  });
  const doubled = fc.tuple(place, place).map(([from, to]) => {
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    return concat(example.subarray(0, end), example.subarray(start));
  });
  const changed = fc
    .array(fc.tuple(fc.nat(example.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      const bytes = example.slice();
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  const other = fc.oneof(fc.json(), fc.string({ unit: "binary" })).map(utf8);
  return fc.oneof(cut, doubled, changed, other, fc.uint8Array({ maxLength: 300 }));
}

test.each(Object.entries(readers))("%s takes its example", (_name, [example, read]) => {
  read(example);
});

test.each(Object.entries(readers))(
  "%s reads or refuses with a CanaryError of one line, whatever it is given",
  (_name, [example, read]) => {
    fc.assert(
      fc.property(damaged(example), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          if (!(error instanceof CanaryError)) throw error;
          expect(error.message).toMatch(/^[^\r\n]+$/);
        }
      }),
      { numRuns: 400 },
    );
  },
);

test("a secrets file changed anywhere never opens and never says that the passphrase is to blame", async () => {
  await fc.assert(
    fc.asyncProperty(damaged(sealed), async (bytes) => {
      if (lenient.decode(bytes).trim() === lenient.decode(sealed).trim()) return;
      const outcome = await openSecrets(bytes, passphrase).then(
        (opened) => ({ opened }),
        (error: unknown) => error,
      );
      // Space between the parts of JSON is nothing.
      if (outcome !== null && typeof outcome === "object" && "opened" in outcome)
        return expect(outcome.opened).toEqual(secrets);
      if (!(outcome instanceof CanaryError)) throw outcome;
      expect(["damaged-secrets", "bad-secrets"]).toContain(outcome.code);
    }),
    { numRuns: 150 },
  );
});

test("a round of drand changed anywhere gives no other nonce", () => {
  const nonce = verifyRound(beacon, round);
  fc.assert(
    fc.property(damaged(json(round)), (bytes) => {
      try {
        expect(verifyRound(beacon, parseRound(bytes))).toBe(nonce);
      } catch (error) {
        if (!(error instanceof CanaryError)) throw error;
      }
    }),
    { numRuns: 60 },
  );
});

test("no pattern that is let through hangs, whatever it is given", () => {
  const piece = fc.constantFrom(
    ...[
      "a",
      "b",
      ".",
      "[ab]",
      "\\s",
      "(?:a|ab)",
      "(a|b)",
      "+",
      "*",
      "?",
      "{2,}",
      "{1,9}",
      "{1,99}",
      "{40}",
      "|",
      "^",
      "$",
    ],
  );
  const patterns = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(""));
  const texts = fc.constantFrom("a".repeat(16_384), `${"ab".repeat(8_000)}c`, " ".repeat(16_384), "");
  let accepted = 0;
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const found = extractorSchema.safeParse({ kind: "regex", pattern });
      if (!found.success) return;
      accepted += 1;
      // One of exponential time would not come back while anybody waits.
      expect(typeof extractAnswer(found.data, text)).toBe("string");
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(20);
});
