/** Writes small PyTorch checkpoints (zip archives with a pickle of protocol 2) for tests, honest ones and others. */
import { crc32 } from "node:zlib";
import { encodeFloats } from "./safetensors-file";

export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly dtype?: "F32" | "BF16" | "F16";
  readonly offset?: number;
  readonly strides?: readonly number[];
  /** Name of a tensor whose storage this one looks into. */
  readonly shares?: string;
  /** Elements of the storage as the pickle states them, if it lies. */
  readonly statedElements?: number;
}

const storageNames = { F32: "FloatStorage", BF16: "BFloat16Storage", F16: "HalfStorage" } as const;

/** A whole checkpoint: a state dict of the given tensors, under `wrapper` if there is one. */
export function checkpointFile(tensors: readonly CheckpointTensor[], wrapper?: string): Uint8Array {
  const keys = new Map<string, string>();
  const entries: ZipTestEntry[] = [];
  const items = tensors.map((tensor) => {
    const { name, shape, values, dtype = "F32", offset = 0, shares } = tensor;
    const strides = tensor.strides ?? shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
    const key = (shares === undefined ? undefined : keys.get(shares)) ?? String(keys.size);
    if (shares === undefined) {
      keys.set(name, key);
      entries.push({ name: `archive/data/${key}`, content: encodeFloats(values, dtype) });
    }
    const elements = tensor.statedElements ?? values.length;
    const storage = Buffer.concat([
      ...[
        op("("),
        text("storage"),
        global("torch", storageNames[dtype]),
        text(key),
        text("cpu"),
        integer(elements),
      ],
      ...[op("t"), op("Q")],
    ]);
    return Buffer.concat([
      ...[text(name), global("torch._utils", "_rebuild_tensor_v2"), op("(")],
      ...[
        storage,
        integer(offset),
        tuple(shape),
        tuple(strides),
        op("\x89"),
        global("collections", "OrderedDict"),
      ],
      ...[op(")"), op("R"), op("t"), op("R")],
    ]);
  });
  const dict = Buffer.concat([global("collections", "OrderedDict"), op(")R("), ...items, op("u")]);
  const whole = wrapper === undefined ? dict : Buffer.concat([op("}"), text(wrapper), dict, op("s")]);
  return checkpointOf(whole, entries);
}

/** A checkpoint around the given pickled expression (without PROTO and STOP). */
export function checkpointOf(expression: Uint8Array, storages: readonly ZipTestEntry[] = []): Uint8Array {
  const pickle = Buffer.concat([Buffer.from([0x80, 2]), expression, op(".")]);
  return zipFile([
    { name: "archive/data.pkl", content: pickle },
    { name: "archive/byteorder", content: Buffer.from("little") },
    ...storages,
    { name: "archive/version", content: Buffer.from("3\n") },
  ]);
}

export function op(code: string): Buffer {
  return Buffer.from(code, "latin1");
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const lead = Buffer.alloc(5);
  lead.write("X", "latin1");
  lead.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([lead, bytes]);
}

export function global(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`);
}

export function integer(value: number): Buffer {
  const out = Buffer.alloc(5);
  out.write("J", "latin1");
  out.writeInt32LE(value, 1);
  return out;
}

export function tuple(items: readonly number[]): Buffer {
  return Buffer.concat([op("("), ...items.map(integer), op("t")]);
}

export interface ZipTestEntry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly method?: number;
  /** What the directory says, if it lies. */
  readonly stated?: {
    readonly size?: number;
    readonly stored?: number;
    readonly header?: number;
    readonly name?: string;
  };
}

/** Stored entries, padded to 64 bytes as torch.save does, with the zip64 end record that it always writes. */
export function zipFile(
  entries: readonly ZipTestEntry[],
  options: { readonly zip64?: boolean } = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, method = 0, stated = {} } of entries) {
    const bytes = Buffer.from(name);
    const padding = (64 - ((at + 30 + bytes.length + 4) % 64)) % 64;
    const extra = Buffer.concat([Buffer.from("FB"), u16(padding), Buffer.alloc(padding, "Z")]);
    const facts = Buffer.concat([
      u16(method),
      u32(0),
      u32(crc32(content)),
      u32(content.length),
      u32(content.length),
    ]);
    const local = Buffer.concat([
      u32(0x04034b50),
      u16(20),
      u16(0),
      facts,
      u16(bytes.length),
      u16(extra.length),
      bytes,
      extra,
      content,
    ]);
    const listed = Buffer.from(stated.name ?? name);
    directory.push(
      Buffer.concat([
        ...[u32(0x02014b50), u16(20), u16(20), u16(0), u16(method), u32(0), u32(crc32(content))],
        ...[u32(stated.stored ?? stated.size ?? content.length), u32(stated.size ?? content.length)],
        ...[u16(listed.length), u16(0), u16(0), u16(0), u16(0), u32(0), u32(stated.header ?? at), listed],
      ]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const count = entries.length;
  const long = Buffer.concat([
    ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count)],
    ...[u64(central.length), u64(at), u32(0x07064b50), u32(0), u64(at + central.length), u32(1)],
  ]);
  const end = Buffer.concat([
    ...[u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), u32(central.length), u32(at), u16(0)],
  ]);
  return Buffer.concat([...parts, central, ...(options.zip64 === false ? [] : [long]), end]);
}

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16LE(value);
  return out;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value >>> 0);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}
