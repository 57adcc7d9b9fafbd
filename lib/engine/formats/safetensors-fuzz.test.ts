import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { withLength } from "../../../tests/support/safetensors-file";
import { EngineError } from "../errors";
import { readSafetensorsHeader, type SafetensorsHeader } from "./safetensors-header";
import { openSafetensors } from "./safetensors-weights";

/** Bits of an element, written down here a second time: what the parser believes is not its own proof. */
const widths: Readonly<Record<string, number>> = {
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6, BOOL: 8, U8: 8, I8: 8, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8 },
  ...{ F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8, I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32 },
  ...{ I64: 64, U64: 64, F64: 64, C64: 64 },
};
const path = "model.safetensors";

/** A header as raw pieces of JSON, so that a mutation may write what no serialiser would. */
interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly string[];
  readonly offsets: readonly string[];
  /** Written behind the other fields. */
  readonly more: string;
}
interface Draft {
  readonly entries: readonly Entry[];
  readonly dataBytes: number;
  /** What the first eight bytes state, if not the truth. */
  readonly stated: bigint | null;
  /** Around the object. */
  readonly before: string;
  readonly behind: string;
  readonly sizeListed: boolean;
}
type Mutation = (draft: Draft) => Draft;

const honest: fc.Arbitrary<Draft> = fc
  .array(
    fc.record({
      // A multiple of eight elements is whole bytes in every dtype.
      dtype: fc.constantFrom(...Object.keys(widths)),
      shape: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }).map((sizes) => [8, ...sizes]),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((tensors) => {
    let at = 0;
    const entries = tensors.map(({ dtype, shape }, index) => {
      const start = at;
      at += (shape.reduce((product, size) => product * size, 1) * (widths[dtype] as number)) / 8;
      const offsets = [String(start), String(at)];
      return { name: `"layers.${index}"`, dtype: `"${dtype}"`, shape: shape.map(String), offsets, more: "" };
    });
    return { entries, dataBytes: at, stated: null, before: "", behind: "", sizeListed: true };
  });

const numerals = fc.constantFrom(
  ...[
    "0",
    "1",
    "2",
    "3",
    "7",
    "8",
    "-0",
    "-1",
    "1.5",
    "1e0",
    "01",
    "1e999",
    "NaN",
    "null",
    "true",
    '"8"',
    "[]",
  ],
  ...[
    "4294967296",
    "9007199254740991",
    "9007199254740993",
    "18446744073709551616",
    "1e308",
    "-9007199254740991",
  ],
);
const names = fc.constantFrom(
  ...['"layers.0"', '"layers\\u002e0"', '"__metadata__"', '"__proto__"', '""', '"\\u0000"', '"\\ud800"', "3"],
  ...[`"${"n".repeat(1024)}"`, `"${"n".repeat(1025)}"`, `"${"\\u0001".repeat(80)}"`, '"\u202e\u0085"'],
);
const dtypes = fc.constantFrom(
  ...Object.keys(widths).map((name) => `"${name}"`),
  ...['"f32"', '"F33"', '"toString"', '"__proto__"', "32", "null", '["F32"]'],
);
const brackets = fc
  .tuple(fc.constantFrom("[", '{"a":'), fc.constantFrom(7, 9, 64, 20_000))
  .map(([open, depth]) => `${open.repeat(depth)}0${(open === "[" ? "]" : "}").repeat(depth)}`);

const changed = (draft: Draft, at: number, change: (entry: Entry) => Entry): Draft => {
  const entries = draft.entries.map((entry, i) => (i === at % draft.entries.length ? change(entry) : entry));
  return { ...draft, entries };
};
const put = (list: readonly string[], at: number, value: string): string[] =>
  list.map((old, i) => (i === at % list.length ? value : old));

const at = fc.nat(3);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, at, numerals).map(
    ([e, i, value]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({ ...entry, shape: put(entry.shape, i, value) })),
  ),
  fc.tuple(at, at, numerals).map(
    ([e, i, value]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({ ...entry, offsets: put(entry.offsets, i, value) })),
  ),
  // Both offsets moved: overlaps, holes, tensors beyond the end.
  fc.tuple(at, fc.integer({ min: -64, max: 64 })).map(
    ([e, by]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({
          ...entry,
          offsets: entry.offsets.map((one) => String(Number(one) + by)),
        })),
  ),
  // A huge shape, with offsets that agree with it as far as a double can tell.
  fc.tuple(at, fc.constantFrom(20, 31, 40, 50, 52, 60)).map(
    ([e, power]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({
          ...entry,
          dtype: '"U8"',
          shape: [String(2 ** (power - 10)), "1024"],
          offsets: [entry.offsets[0] as string, String(Number(entry.offsets[0]) + 2 ** power)],
        })),
  ),
  fc.tuple(at, fc.integer({ min: 30, max: 40 })).map(
    ([e, rank]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({ ...entry, shape: [...entry.shape, ...Array(rank).fill("1")] })),
  ),
  fc.tuple(at, names).map(
    ([e, name]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({ ...entry, name })),
  ),
  fc.tuple(at, dtypes).map(
    ([e, dtype]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({ ...entry, dtype })),
  ),
  fc.tuple(at, fc.oneof(brackets, fc.constantFrom('"dtype":"U8"', '"shape":[8]', '"x":1', '"x":{}'))).map(
    ([e, more]): Mutation =>
      (draft) =>
        changed(draft, e, (entry) => ({ ...entry, more: more.startsWith('"') ? more : `"x":${more}` })),
  ),
  fc.tuple(at, at).map(
    ([from, to]): Mutation =>
      (draft) =>
        changed(draft, to, () => draft.entries[from % draft.entries.length] as Entry),
  ),
  at.map(
    (e): Mutation =>
      (draft) =>
        draft.entries.length < 2
          ? draft
          : { ...draft, entries: draft.entries.filter((_, i) => i !== e % draft.entries.length) },
  ),
  fc.constant<Mutation>((draft) => ({ ...draft, entries: draft.entries.toReversed() })),
  fc.integer({ min: -9, max: 9 }).map(
    (by): Mutation =>
      (draft) => ({ ...draft, dataBytes: Math.max(0, draft.dataBytes + by) }),
  ),
  fc.constantFrom(0n, 1n, 2n, 7n, 100_000_000n, 100_000_001n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n).map(
    (stated): Mutation =>
      (draft) => ({ ...draft, stated }),
  ),
  fc.tuple(fc.constantFrom("", " ", "\ufeff", "["), fc.constantFrom(" ", "\u0000", "}", "\uffff", " x")).map(
    ([before, behind]): Mutation =>
      (draft) => ({ ...draft, before, behind }),
  ),
  fc.constant<Mutation>((draft) => ({ ...draft, sizeListed: false })),
);

function written(draft: Draft): Uint8Array {
  const entries = draft.entries.map(({ name, dtype, shape, offsets, more }) => {
    const fields = [`"dtype":${dtype}`, `"shape":[${shape}]`, `"data_offsets":[${offsets}]`];
    return `${name}:{${[...fields, ...(more === "" ? [] : [more])].join(",")}}`;
  });
  const header = Buffer.from(`${draft.before}{${entries.join(",")}}${draft.behind}`);
  return Buffer.concat([withLength(header, draft.stated ?? undefined), Buffer.alloc(draft.dataBytes, 7)]);
}

/** Everything that a parsed header promises: each byte of the data is one tensor's, in as many bytes as it needs. */
function holds({ tensors, dataStart }: SafetensorsHeader, content: Uint8Array, sizeListed: boolean): void {
  expect(dataStart).toBe(8 + Number(Buffer.from(content).readBigUInt64LE()));
  expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length);
  let reached = 0;
  for (const { name, dtype, shape, start, end } of tensors) {
    expect(name.length).toBeGreaterThan(0);
    for (const count of [...shape, start, end]) {
      expect(Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0)).toBe(true);
    }
    const bits = shape.reduce((product, size) => product * BigInt(size), BigInt(widths[dtype] as number));
    expect(8n * BigInt(end - start)).toBe(bits);
    expect(end).toBeGreaterThan(start);
    expect(start).toBe(reached);
    reached = end;
  }
  if (sizeListed) expect(dataStart + reached).toBe(content.length);
}

/** Reads the file as the engine does, and asks never for more than there is. True if it was accepted. */
async function outcome(content: Uint8Array, sizeListed: boolean): Promise<boolean> {
  const whole = memoryRelease([{ path, content, ...(sizeListed ? {} : { listed: { size: null } }) }]);
  let most = 0;
  const reader: typeof whole = {
    ...whole,
    read(file, start, end, signal) {
      most = Math.max(most, end - start);
      return whole.read(file, start, end, signal);
    },
  };
  try {
    const header = await readSafetensorsHeader(reader, path);
    if (header === null) throw new Error("the bytes are there");
    holds(header, content, sizeListed);
    const stored = await openSafetensors(reader);
    for (const tensor of sizeListed ? (stored?.tensors ?? []) : []) {
      const values = await tensor.read(0, tensor.elements);
      expect(values).toHaveLength(tensor.shape.reduce((product, size) => product * size, 1));
    }
    if (sizeListed) expect(most).toBeLessThanOrEqual(content.length);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // Without a listed size the far side says that a range ends outside the file; here the memory does.
    expect(sizeListed ? ["malformed-file"] : ["malformed-file", "bad-input"]).toContain(error.code);
    expect(error.message).toMatch(/^model\.safetensors:? .+$/);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(error.message.length).toBeLessThan(300);
    return false;
  }
}

test("a header under any lies is refused, or holds in every claim (fuzzed, seeded)", {
  timeout: 120_000,
}, async () => {
  const seen = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(honest, fc.array(mutation, { maxLength: 3 }), async (start, changes) => {
      const draft = changes.reduce((made, change) => change(made), start);
      const accepted = await outcome(written(draft), draft.sizeListed);
      if (changes.length === 0) expect(accepted).toBe(true);
      seen[accepted ? "accepted" : "refused"] += 1;
    }),
    { numRuns: 4000, seed: 3 },
  );
  // Neither side of the property is empty.
  expect(seen.accepted).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(1500);
});

test("bytes of a header changed, cut off or put in between are refused or read (fuzzed, seeded)", {
  timeout: 120_000,
}, async () => {
  const edit = fc.tuple(fc.nat(400), fc.constantFrom("set", "cut", "put"), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(honest, fc.array(edit, { minLength: 1, maxLength: 6 }), async (draft, edits) => {
      let content = Buffer.from(written(draft));
      for (const [where, what, byte] of edits) {
        const place = where % content.length;
        if (what === "set") content[place] = byte;
        if (what === "cut") content = content.subarray(0, Math.max(1, place));
        if (what === "put")
          content = Buffer.concat([content.subarray(0, place), Buffer.of(byte), content.subarray(place)]);
      }
      await outcome(content, true);
    }),
    { numRuns: 2000, seed: 4 },
  );
});

test("a large header of little sense costs time and memory in proportion", { timeout: 60_000 }, async () => {
  const million = 1_000_000;
  for (const text of [
    `{"w":${"[".repeat(million)}`,
    `{${'"w":1,'.repeat(million)}"w":1}`,
    `{"${"\\u0001".repeat(million)}":{}}`,
    `{"w":{"dtype":"${"F".repeat(million)}","shape":[1],"data_offsets":[0,4]}}`,
    `{"w":{"dtype":"U8","shape":[${"1,".repeat(million)}1],"data_offsets":[0,1]}}`,
    `{"w":{"dtype":"U8","shape":[${"9".repeat(million)}],"data_offsets":[0,1]}}`,
    `{"w":1${" ".repeat(million)}`,
  ]) {
    expect(await outcome(withLength(text), true)).toBe(false);
  }
});
