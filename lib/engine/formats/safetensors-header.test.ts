import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { safetensorsFile, withLength } from "../../../tests/support/safetensors-file";
import { EngineError } from "../errors";
import { maxHeaderBytes, parseSafetensorsHeader, readSafetensorsHeader } from "./safetensors-header";

const path = "model.safetensors";
const read = (content: Uint8Array) => readSafetensorsHeader(memoryRelease([{ path, content }]), path);

/** Whatever the file, the reader answers or says in one line which file is wrong and why. */
async function refusal(content: Uint8Array): Promise<string | null> {
  try {
    await read(content);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    const { code, message, detail } = error as EngineError;
    expect(code).toBe("malformed-file");
    expect(message).toMatch(/^model\.safetensors: .+$/);
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(300);
    expect(detail.path).toBe(path);
    return message;
  }
}

const data = (size: number) => Buffer.alloc(size, 7);
const file = (header: string, size: number) => Buffer.concat([withLength(header), data(size)]);
const one = (entry: string, size = 4) => file(`{"w":${entry}}`, size);

describe("an honest header", () => {
  it("gives names, dtypes and shapes in the order of the bytes", async () => {
    const content = safetensorsFile([
      { name: "b", dtype: "BF16", shape: [2, 3], width: 2 },
      { name: "a", dtype: "F32", shape: [], width: 4 },
    ]);
    const header = await read(content);
    expect(header?.tensors).toEqual([
      { name: "b", dtype: "BF16", shape: [2, 3], start: 0, end: 12 },
      { name: "a", dtype: "F32", shape: [], start: 12, end: 16 },
    ]);
  });

  it("may be padded with spaces, hold 4-bit numbers, and call a tensor __proto__", async () => {
    const header = '{"__proto__":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}   ';
    expect((await read(file(header, 4)))?.tensors).toMatchObject([{ name: "__proto__", shape: [8] }]);
  });

  it("is null where the listed bytes cannot be had", async () => {
    const reader = memoryRelease([{ path, listedOnly: true, listed: { size: 100 } }]);
    expect(await readSafetensorsHeader(reader, path)).toBeNull();
  });

  it("survives the round trip whatever the tensors (property)", async () => {
    const tensor = fc.record({
      name: fc.stringMatching(/^[a-z_][a-z0-9_.]{0,20}$/).filter((name) => name !== "__metadata__"),
      dtype: fc.constantFrom("F16", "BF16", "I16"),
      shape: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
      width: fc.constant(2),
    });
    const tensors = fc.uniqueArray(tensor, { maxLength: 12, selector: ({ name }) => name });
    await fc.assert(
      fc.asyncProperty(tensors, async (list) => {
        const header = await read(safetensorsFile(list));
        expect(header?.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }))).toEqual(
          list.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe("a header that lies", () => {
  const lies: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["an empty file", data(0), /too short/],
    ["a file of seven bytes", data(7), /too short/],
    ["a length beyond the file", withLength("{}", 500n), /states a header of 500 bytes but holds only 10/],
    [
      "a length beyond any header",
      withLength("{}", 2n ** 63n),
      /states a header of 9223372036854775808 bytes/,
    ],
    ["a length of nothing", withLength("", 0n), /states a header of 0 bytes/],
    ["no object", withLength("[]"), /does not begin with "\{"/],
    ["no JSON", withLength('{"a":'), /not valid JSON/],
    ["something behind the JSON", withLength("{} x"), /follows the JSON value/],
    ["no UTF-8", withLength(Buffer.from([0x7b, 0xff, 0x7d])), /not UTF-8/],
    ["a duplicate key", withLength('{"w":1,"w":2}'), /"w" occurs twice/],
    [
      "a duplicate key inside",
      one('{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}'),
      /twice/,
    ],
    ["an integer past 2^53", one('{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}'), /2\^53/],
    [
      "a shape whose product passes 2^64",
      one('{"dtype":"U8","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}'),
      /shape and dtype/,
    ],
    ["NaN", one('{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}'), /NaN/],
    ["a number out of range", one('{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}'), /out of range/],
    ["deep nesting", withLength(`{"w":${"[".repeat(5000)}${"]".repeat(5000)}}`), /nested deeper/],
    ["a dimension of 0", one('{"dtype":"F32","shape":[0],"data_offsets":[0,0]}', 0), /dimension of 0/],
    ["a negative dimension", one('{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}'), /whole numbers/],
    ["half a dimension", one('{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}', 6), /whole numbers/],
    [
      "too many dimensions",
      one(`{"dtype":"U8","shape":[${Array(40).fill(1)}],"data_offsets":[0,1]}`, 1),
      /short list/,
    ],
    ["an unknown dtype", one('{"dtype":"F33","shape":[1],"data_offsets":[0,4]}'), /unknown dtype "F33"/],
    [
      "a dtype of the prototype",
      one('{"dtype":"constructor","shape":[1],"data_offsets":[0,4]}'),
      /unknown dtype/,
    ],
    [
      "offsets that do not fit the shape",
      one('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'),
      /spans 4 bytes/,
    ],
    ["offsets backwards", one('{"dtype":"F32","shape":[1],"data_offsets":[4,0]}'), /spans -4 bytes/],
    [
      "offsets outside the file",
      one('{"dtype":"F32","shape":[4],"data_offsets":[0,16]}'),
      /outside the file/,
    ],
    [
      "overlapping tensors",
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}',
        6,
      ),
      /overlaps/,
    ],
    [
      "a hole between tensors",
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8),
      /belong to no tensor/,
    ],
    ["data behind the last tensor", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4]}', 9), /holds 9/],
    ["three offsets", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}'), /two whole numbers/],
    ["a tensor that is a number", withLength('{"w":3}'), /not described by an object/],
    ["a name with a control character", withLength('{"a\\u0000":{}}'), /unusable name/],
    ["a lone surrogate", withLength('{"\\ud800":{}}'), /valid Unicode/],
    ["metadata that is no map of texts", withLength('{"__metadata__":{"a":1}}'), /__metadata__/],
  ];

  it.each(lies)("is refused: %s", async (_name, content, expected) => {
    expect(await refusal(content)).toMatch(expected);
  });

  it("never ends otherwise than in an answer or one clear error (property)", async () => {
    const honest = safetensorsFile([
      { name: "layers.0.weight", dtype: "F16", shape: [4, 4], width: 2 },
      { name: "layers.1.weight", dtype: "F16", shape: [4, 4], width: 2 },
    ]);
    const edits = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(edits, async (list) => {
        const content = new Uint8Array(honest);
        for (const [at, byte] of list) content[at] = byte;
        await refusal(content);
      }),
      { numRuns: 400 },
    );
  });

  it("is accepted exactly where every claim in it holds (property)", async () => {
    // Few values each, so that honest and lying headers are both common; the oracle repeats none of the parser's code.
    const dimension = fc.constantFrom(
      "1",
      "2",
      "3",
      "0",
      "-1",
      "1.5",
      "4294967296",
      "9007199254740993",
      "NaN",
    );
    const offset = fc.integer({ min: 0, max: 4 }).map((step) => step * 2);
    const tensor = fc.record({
      name: fc.constantFrom("a", "b", "c", "\\u0061"),
      shape: fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom("1", "2") }, dimension), {
        maxLength: 3,
      }),
      offsets: fc.tuple(offset, offset),
    });
    const honest = fc
      .array(fc.array(fc.constantFrom("1", "2", "3"), { maxLength: 2 }), { maxLength: 3 })
      .map((shapes) => {
        let end = 0;
        return shapes.map((shape, index) => {
          const start = end;
          end += shape.reduce((product, size) => product * Number(size), 2);
          return { name: "abc"[index] as string, shape, offsets: [start, end] as [number, number] };
        });
      });
    const headers = fc.oneof(fc.array(tensor, { maxLength: 3 }), honest);
    const outcomes = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(headers, fc.option(fc.nat(12)), async (list, odd) => {
        const reached = Math.max(0, ...list.map(({ offsets }) => offsets[1]));
        const size = odd ?? reached;
        const entry = ({ name, shape, offsets }: (typeof list)[number]) =>
          `"${name}":{"dtype":"F16","shape":[${shape}],"data_offsets":[${offsets}]}`;
        const said = await refusal(file(`{${list.map(entry).join(",")}}`, size));
        const names = list.map(({ name }) => (name === "\\u0061" ? "a" : name));
        const bytes = (shape: readonly string[]) => shape.reduce((product, one) => product * Number(one), 2);
        // Every byte of the data belongs to exactly one tensor of the right length.
        const owners = Array.from(
          { length: Math.max(size, reached) },
          (_, at) => list.filter(({ offsets: [start, end] }) => start <= at && at < end).length,
        );
        const holds =
          new Set(names).size === names.length &&
          list.every(({ shape }) => shape.every((one) => /^[1-9]\d*$/.test(one) && Number(one) < 2 ** 53)) &&
          list.every(({ shape, offsets: [start, end] }) => bytes(shape) === end - start) &&
          owners.length === size &&
          owners.every((count) => count === 1);
        outcomes.add(holds);
        expect(said === null, said ?? "accepted").toBe(holds);
      }),
      { numRuns: 1500 },
    );
    expect(outcomes.size).toBe(2);
  });

  it("answers or refuses any JSON whatever (property)", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const body = Buffer.from(JSON.stringify({ w: value }));
        try {
          parseSafetensorsHeader(body, path, null);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("bounds the header as the reference implementation does", async () => {
    const content = withLength("{}", BigInt(maxHeaderBytes) + 1n);
    const reader = memoryRelease([{ path, content, listed: { size: null } }]);
    await expect(readSafetensorsHeader(reader, path)).rejects.toMatchObject({ code: "malformed-file" });
  });
});
