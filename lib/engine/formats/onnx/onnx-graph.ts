import { bitsOf } from "../numbers/decode";
import { isTensorName } from "../safetensors-header";
import { show } from "../strict-json";
import { type ProtoField, type ProtoReader, packedVarints } from "./proto-reader";

/** Where the elements of an initialiser lie. */
export type OnnxData =
  | { readonly kind: "inline"; readonly start: number; readonly end: number }
  | {
      readonly kind: "external";
      readonly location: string;
      readonly offset: number;
      readonly length: number | null;
    }
  /** Each element a varint (int32_data and int64_data), which only a whole read can find. */
  | { readonly kind: "varints"; readonly start: number; readonly end: number }
  /** A few numbers, each in a field of its own: codes of the dtype, or floats as they are. */
  | { readonly kind: "values"; readonly codes: readonly bigint[] };

export interface OnnxTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

/** A use of a value by a node: what the node does, and as which of its inputs. */
export interface OnnxUse {
  readonly op: string;
  readonly node: string;
  readonly input: number;
  /** Gemm's attribute transB: the matrix is stored [out, in]. */
  readonly transposed: boolean;
}

export interface OnnxGraph {
  /** In the order of the file, subgraphs included. */
  readonly tensors: readonly OnnxTensor[];
  readonly uses: ReadonlyMap<string, readonly OnnxUse[]>;
}

/** TensorProto.DataType (onnx.proto) of those with a decoding here; texts and complex numbers are left out. */
const dtypes: Readonly<Record<number, string>> = {
  1: "F32",
  2: "U8",
  3: "I8",
  4: "U16",
  5: "I16",
  6: "I32",
  7: "I64",
  9: "BOOL",
  10: "F16",
  11: "F64",
  12: "U32",
  13: "U64",
  16: "BF16",
  17: "F8_E4M3",
  18: "F8_E4M3FNUZ",
  19: "F8_E5M2",
  20: "F8_E5M2FNUZ",
  21: "U4",
  22: "I4",
  23: "F4",
  24: "F8_E8M0",
};

const maxTensors = 1_000_000;
const maxUses = 4_000_000;
const maxDepth = 16;
const maxRank = 32;
const maxName = 1024;
const maxLooseValues = 65_536;

/**
 * The initialisers of an ONNX model, those of its subgraphs and the values of its Constant nodes, with the nodes that
 * use them. Field numbers from onnx.proto (ModelProto.graph = 7 …).
 */
export async function readOnnxGraph(proto: ProtoReader): Promise<OnnxGraph> {
  const walk = new GraphWalk(proto);
  let graphs = 0;
  for await (const field of proto.fields(0, proto.size)) {
    if (field.number !== 7) continue;
    graphs += 1;
    if (graphs > 1) throw proto.wrong("holds two graphs");
    await walk.graph(message(proto, field), 0);
  }
  if (graphs === 0) throw proto.wrong("holds no graph");
  return { tensors: walk.tensors, uses: walk.uses };
}

function message(proto: ProtoReader, field: ProtoField): ProtoField {
  if (field.wire !== 2) throw proto.wrong("a message has the wrong wire type");
  return field;
}

class GraphWalk {
  readonly tensors: OnnxTensor[] = [];
  readonly uses = new Map<string, OnnxUse[]>();
  #useCount = 0;

  constructor(readonly proto: ProtoReader) {}

  async graph(field: ProtoField, depth: number): Promise<void> {
    if (depth > maxDepth) throw this.proto.wrong("nests graphs too deep");
    for await (const part of this.proto.fields(field.start, field.end)) {
      if (part.number === 1) await this.#node(message(this.proto, part), depth);
      else if (part.number === 5) this.#add(await this.#tensor(message(this.proto, part), null));
    }
  }

  #add(tensor: OnnxTensor | null): void {
    if (tensor === null) return;
    this.tensors.push(tensor);
    if (this.tensors.length > maxTensors) throw this.proto.wrong(`holds more than ${maxTensors} tensors`);
  }

  async #node(field: ProtoField, depth: number): Promise<void> {
    const inputs: (string | null)[] = [];
    const attributes: ProtoField[] = [];
    let [output, node, op]: [string | null, string | null, string | null] = [null, null, null];
    for await (const part of this.proto.fields(field.start, field.end)) {
      if (part.number === 1) inputs.push(await this.proto.text(part, maxName));
      else if (part.number === 2) output ??= await this.proto.text(part, maxName);
      else if (part.number === 3) node = await this.proto.text(part, maxName);
      else if (part.number === 4) op = await this.proto.text(part, maxName);
      else if (part.number === 5) attributes.push(message(this.proto, part));
    }
    let transposed = false;
    for (const attribute of attributes) {
      transposed = (await this.#attribute(attribute, op, output, depth)) || transposed;
    }
    for (const [input, name] of inputs.entries()) {
      if (name === null || name === "") continue;
      this.#useCount += 1;
      if (this.#useCount > maxUses) throw this.proto.wrong(`uses values more than ${maxUses} times`);
      const use = { op: op ?? "", node: node ?? "", input, transposed };
      const known = this.uses.get(name);
      if (known) known.push(use);
      else this.uses.set(name, [use]);
    }
  }

  /** True for Gemm's transB = 1. Subgraphs and a Constant's value are taken in on the way. */
  async #attribute(
    field: ProtoField,
    op: string | null,
    output: string | null,
    depth: number,
  ): Promise<boolean> {
    let [name, integer]: [string | null, bigint] = [null, 0n];
    for await (const part of this.proto.fields(field.start, field.end)) {
      if (part.number === 1) name = await this.proto.text(part, maxName);
      else if (part.number === 3) integer = part.value;
      else if (part.number === 5 && op === "Constant" && output !== null) {
        this.#add(await this.#tensor(message(this.proto, part), output));
      } else if (part.number === 6 || part.number === 11)
        await this.graph(message(this.proto, part), depth + 1);
    }
    return op === "Gemm" && name === "transB" && integer === 1n;
  }

  /** `constant`: the name of the value where the tensor itself has none. Null for tensors that hold no numbers. */
  async #tensor(field: ProtoField, constant: string | null): Promise<OnnxTensor | null> {
    const { proto } = this;
    const shape: number[] = [];
    const content: ProtoField[] = [];
    const external = new Map<string, string>();
    let [name, type, outside]: [string | null, number, boolean] = [constant, 0, false];
    for await (const part of proto.fields(field.start, field.end)) {
      if (part.number === 1) await this.#dims(part, shape);
      else if (part.number === 2) type = Number(part.value);
      else if (part.number === 8 && constant === null) name = await proto.text(part, maxName);
      else if (part.number === 13) await this.#entry(message(proto, part), external);
      else if (part.number === 14) outside = part.value === 1n;
      else if (dataFields.has(part.number)) this.#keep(content, part);
    }
    const dtype = Object.hasOwn(dtypes, type) ? dtypes[type] : undefined;
    const count = shape.reduce((product, size) => product * BigInt(size), 1n);
    if (dtype === undefined || count === 0n) return null;
    const shown = show(name ?? "");
    if (name === null || !isTensorName(name)) throw proto.wrong(`tensor ${shown} has an unusable name`);
    const bits = count * BigInt(bitsOf(dtype) ?? 0);
    if (bits > 8n * BigInt(Number.MAX_SAFE_INTEGER))
      throw proto.wrong(`tensor ${shown} has an impossible shape`);
    const bytes = Number((bits + 7n) / 8n);
    const data = outside
      ? this.#outside(external, bytes, shown)
      : await this.#inside(content, dtype, Number(count), bytes, shown);
    return { name, dtype, shape, data };
  }

  #keep(content: ProtoField[], part: ProtoField): void {
    content.push(part);
    if (content.length > maxLooseValues) throw this.proto.wrong("keeps a large tensor number by number");
  }

  async #dims(part: ProtoField, shape: number[]): Promise<void> {
    const values = part.wire === 2 ? await this.#packed(part) : [part.value];
    for (const value of values) {
      if (value > BigInt(Number.MAX_SAFE_INTEGER) || shape.length >= maxRank) {
        throw this.proto.wrong("a tensor has an impossible shape");
      }
      shape.push(Number(value));
    }
  }

  async #packed(part: ProtoField): Promise<bigint[]> {
    if (part.end - part.start > 10 * maxRank) throw this.proto.wrong("a tensor has an impossible shape");
    const values = packedVarints(await this.proto.bytes(part.start, part.end));
    if (values === null) throw this.proto.wrong("a number does not end");
    return values;
  }

  async #entry(field: ProtoField, entries: Map<string, string>): Promise<void> {
    let [key, value]: [string | null, string | null] = [null, null];
    for await (const part of this.proto.fields(field.start, field.end)) {
      if (part.number === 1) key = await this.proto.text(part, maxName);
      else if (part.number === 2) value = await this.proto.text(part, maxName);
    }
    if (key === null || value === null || entries.size >= 16)
      throw this.proto.wrong("a tensor points nowhere");
    entries.set(key, value);
  }

  #outside(entries: ReadonlyMap<string, string>, bytes: number, shown: string): OnnxData {
    const location = entries.get("location") ?? "";
    // A plain name beside the model: nothing may lead anywhere else.
    if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,254}$/.test(location) || location.includes("..")) {
      throw this.proto.wrong(`tensor ${shown} lies in ${show(location)}, which is no plain file name`);
    }
    const [offset, length] = [entries.get("offset") ?? "0", entries.get("length") ?? String(bytes)];
    if (!/^[0-9]{1,15}$/.test(offset) || !/^[0-9]{1,16}$/.test(length) || Number(length) !== bytes) {
      throw this.proto.wrong(`tensor ${shown} has a place or length that its shape cannot have`);
    }
    return { kind: "external", location, offset: Number(offset), length: bytes };
  }

  async #inside(
    content: readonly ProtoField[],
    dtype: string,
    count: number,
    bytes: number,
    shown: string,
  ): Promise<OnnxData> {
    const { proto } = this;
    const wrong = (problem: string) => proto.wrong(`tensor ${shown} ${problem}`);
    const [first, ...more] = content;
    if (first === undefined) throw wrong("holds no numbers");
    const sameField = more.every(({ number }) => number === first.number);
    if (first.wire !== 2) {
      if (!sameField || content.length !== count)
        throw wrong("holds another count of numbers than its shape");
      return { kind: "values", codes: await this.#loose(content, dtype) };
    }
    if (more.length > 0) throw wrong("holds its numbers in two pieces");
    const { start, end } = first;
    if (first.number === 9 || fixedWidth[first.number] === dtype) {
      if (end - start !== bytes) throw wrong(`spans ${end - start} bytes, which is not what its shape needs`);
      return { kind: "inline", start, end };
    }
    if (!varintFields.has(first.number) || (bitsOf(dtype) ?? 0) < 8)
      throw wrong("holds its numbers in a field of another type");
    if (end - start < count || end - start > 10 * count)
      throw wrong("holds another count of numbers than its shape");
    return { kind: "varints", start, end };
  }

  async #loose(content: readonly ProtoField[], dtype: string): Promise<bigint[]> {
    const codes: bigint[] = [];
    for (const { wire, start, end, value } of content) {
      if (wire === 0) codes.push(value);
      else {
        const bytes = await this.proto.bytes(start, end);
        codes.push(littleEndian(bytes));
      }
    }
    // Four and eight bytes are floats of just that width; anything else would be read as something that it is not.
    const expected = content[0]?.wire === 5 ? "F32" : content[0]?.wire === 1 ? "F64" : dtype;
    if (expected !== dtype || (bitsOf(dtype) ?? 0) < 8)
      throw this.proto.wrong("a tensor mixes two types of numbers");
    return codes;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** float_data, int32_data, int64_data, raw_data, double_data, uint64_data. */
const dataFields = new Set([4, 5, 7, 9, 10, 11]);
const varintFields = new Set([5, 7, 11]);
/** Packed numbers of one width are what raw_data would be. */
const fixedWidth: Readonly<Record<number, string>> = { 4: "F32", 10: "F64" };
