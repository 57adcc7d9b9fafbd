import { expect, test } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { withLength } from "../../../tests/support/safetensors-file";
import { openSafetensors } from "./safetensors-weights";

const little = (width: number, write: (view: DataView) => void): Buffer => {
  const bytes = Buffer.alloc(width);
  write(new DataView(bytes.buffer, bytes.byteOffset, width));
  return bytes;
};

/** Every dtype of safetensors 0.6, with bytes written by hand and what they stand for. Raw codes are their own values. */
const dtypes: readonly (readonly [dtype: string, bytes: Buffer, values: readonly number[] | null])[] = [
  ["BOOL", Buffer.of(0, 1), [0, 1]],
  ["F4", Buffer.of(0x21, 0xf3), [1, 2, 3, 15]],
  ["F6_E2M3", Buffer.of(0b01_000001, 0b0011_0000, 0b000100_00), [1, 1, 3, 4]],
  ["F6_E3M2", Buffer.of(0b01_000001, 0b0011_0000, 0b000100_00), [1, 1, 3, 4]],
  ["U8", Buffer.of(0, 255), [0, 255]],
  ["I8", Buffer.of(127, 128), [127, -128]],
  ["F8_E5M2", Buffer.of(0x3c, 0xc0), [1, -2]],
  ["F8_E4M3", Buffer.of(0x38, 0xfe), [1, -448]],
  ["F8_E8M0", Buffer.of(127, 128), [1, 2]],
  ["F8_E4M3FNUZ", Buffer.of(0x40, 0xc0), [1, -1]],
  ["F8_E5M2FNUZ", Buffer.of(0x40, 0xc0), [1, -1]],
  ["I16", little(2, (view) => view.setInt16(0, -300, true)), [-300]],
  ["U16", little(2, (view) => view.setUint16(0, 65000, true)), [65000]],
  ["F16", Buffer.of(0x00, 0x3c, 0x01, 0x00), [1, 2 ** -24]],
  ["BF16", Buffer.of(0x80, 0x3f, 0x49, 0xc0), [1, -3.140625]],
  ["I32", little(4, (view) => view.setInt32(0, -70000, true)), [-70000]],
  ["U32", little(4, (view) => view.setUint32(0, 2 ** 31, true)), [2 ** 31]],
  ["F32", little(4, (view) => view.setFloat32(0, -1.5e-40, true)), [Math.fround(-1.5e-40)]],
  ["I64", little(8, (view) => view.setBigInt64(0, -5n, true)), [-5]],
  ["U64", little(8, (view) => view.setBigUint64(0, 2n ** 63n, true)), [2 ** 63]],
  ["F64", little(8, (view) => view.setFloat64(0, 0.1, true)), [Math.fround(0.1)]],
  // Complex buffers of rotary embeddings: known and accounted for, never weights.
  ["C64", Buffer.alloc(8), null],
];

test("the list is the reference implementation's", () => {
  expect(dtypes).toHaveLength(22);
});

test.each(dtypes)("%s is read by range from a file that holds them all", async (dtype, _bytes, values) => {
  let at = 0;
  const header: Record<string, object> = {};
  for (const [name, bytes, expected] of dtypes) {
    header[name] = { dtype: name, shape: [expected?.length ?? 1], data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  const content = Buffer.concat([withLength(JSON.stringify(header)), ...dtypes.map(([, bytes]) => bytes)]);
  const stored = await openSafetensors(memoryRelease([{ path: "model.safetensors", content }]));
  const tensor = stored?.tensors.find(({ name }) => name === dtype);
  if (values === null) expect(tensor).toBeUndefined();
  else {
    expect(tensor).toMatchObject({ dtype, elements: values.length });
    expect([...((await tensor?.read(0, values.length)) ?? [])]).toEqual(values);
    const last = values.length - 1;
    expect([...((await tensor?.read(last, last + 1)) ?? [])]).toEqual(values.slice(last));
  }
});
