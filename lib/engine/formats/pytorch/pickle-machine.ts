import { malformed, show } from "../strict-json";
import {
  allowedGlobal,
  PyDict,
  PyGlobal,
  PyList,
  PyStorage,
  PyTensor,
  PyTuple,
  type PyValue,
} from "./pickle-values";

const maxOperations = 4_000_000;
const maxStack = 1_000_000;
const maxDepth = 10_000;
const maxRank = 32;

/** What one opcode does. */
export type Operation = (machine: PickleMachine) => void;

/** The stack, the memo and the bounds of a restricted pickle reader; opcodes are in pickle-opcodes.ts. */
export class PickleMachine {
  #at = 0;
  #stack: PyValue[] = [];
  /** Stacks set aside by MARK. */
  readonly #outer: PyValue[][] = [];
  #held = 0;
  readonly #memo = new Map<number, PyValue>();
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly path: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  run(opcodes: Readonly<Record<number, Operation>>): PyValue {
    for (let operations = 0; operations < maxOperations; operations++) {
      const code = this.#byte();
      if (code === 0x2e) return this.#finish();
      const operation = opcodes[code];
      if (operation === undefined) {
        throw this.#wrong(
          `its pickle asks for operation 0x${code.toString(16)}, which plain weights do not need`,
        );
      }
      operation(this);
      if (this.#stack.length + this.#held > maxStack) throw this.#wrong("its pickle fills its stack");
    }
    throw this.#wrong("its pickle has too many operations");
  }

  #finish(): PyValue {
    if (this.#stack.length !== 1 || this.#outer.length > 0) throw this.#wrong("its pickle ends in disorder");
    return this.pop();
  }

  #wrong(problem: string) {
    return malformed(this.path, problem);
  }

  #byte(): number {
    if (this.#at >= this.bytes.length) throw this.#wrong("its pickle ends too early");
    return this.bytes[this.#at++] as number;
  }

  push(value: PyValue): void {
    this.#stack.push(value);
  }

  pop(): PyValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.#wrong("its pickle takes from an empty stack");
    return value;
  }

  top(): PyValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** The little-endian number of the next `width` bytes. */
  number(width: 1 | 2 | 4 | 8, signed = false): number {
    const at = this.#at;
    this.take(width);
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at, true);
    if (width === 4) return signed ? this.#view.getInt32(at, true) : this.#view.getUint32(at, true);
    const value = this.#view.getBigUint64(at, true);
    // Nothing in a file is that long; the number is only compared.
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  float(): number {
    const at = this.#at;
    this.take(8);
    return this.#view.getFloat64(at, false);
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.#at) throw this.#wrong("its pickle ends too early");
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  text(length: number): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.take(length));
    } catch (error) {
      if (error instanceof TypeError) throw this.#wrong("its pickle holds a text that is not UTF-8");
      throw error;
    }
  }

  /** A whole number of `length` bytes, two's complement; only small ones occur. */
  long(length: number): number | bigint {
    if (length > 16) throw this.#wrong("its pickle holds an enormous number");
    const value = this.take(length).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const signed = BigInt.asIntN(8 * length, value);
    return -BigInt(Number.MAX_SAFE_INTEGER) <= signed && signed <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(signed)
      : signed;
  }

  line(): string {
    const from = this.#at;
    while (this.#byte() !== 0x0a) {
      if (this.#at - from > 1024) throw this.#wrong("its pickle names something with an endless name");
    }
    return new TextDecoder().decode(this.bytes.subarray(from, this.#at - 1));
  }

  mark(): void {
    if (this.#outer.length >= maxDepth) throw this.#wrong("its pickle nests too deep");
    this.#held += this.#stack.length;
    this.#outer.push(this.#stack);
    this.#stack = [];
  }

  /** What was pushed since the last MARK. */
  sinceMark(): PyValue[] {
    const items = this.#stack;
    const below = this.#outer.pop();
    if (below === undefined) throw this.#wrong("its pickle closes what it did not open");
    this.#held -= below.length;
    this.#stack = below;
    return items;
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#wrong("its pickle recalls what it never had");
    this.push(value);
  }

  list(): PyList {
    const list = this.top();
    if (!(list instanceof PyList)) throw this.#wrong("its pickle appends to something that is no list");
    return list;
  }

  /** Sets keys and values, alternating, in the dict on top. */
  setItems(items: readonly PyValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PyDict) || items.length % 2 !== 0) {
      throw this.#wrong("its pickle sets items of something that is no dict");
    }
    for (let i = 0; i < items.length; i += 2) dict.entries.set(this.#key(items[i]), items[i + 1] as PyValue);
  }

  #key(key: PyValue | undefined): string | number | bigint | boolean | null {
    if (key === undefined || (typeof key === "object" && key !== null)) {
      throw this.#wrong("its pickle has a key that is no plain value");
    }
    return key;
  }

  global(module: PyValue, name: PyValue): void {
    const [from, what] = [typeof module === "string" ? module : "?", typeof name === "string" ? name : "?"];
    const found = allowedGlobal(from, what);
    if (found === null) {
      throw this.#wrong(
        `its pickle asks for ${show(`${from}.${what}`)}, which is none of the few names of plain tensors`,
      );
    }
    this.push(found);
  }

  /** ("storage", type, key, location, elements), the only persistent id of torch.save. */
  persistent(id: PyValue): void {
    const [kind, type, key, location, elements] = id instanceof PyTuple ? id.items : [];
    const sound =
      kind === "storage" &&
      type instanceof PyGlobal &&
      type.dtype !== null &&
      typeof key === "string" &&
      /^[A-Za-z0-9_.-]{1,100}$/.test(key) &&
      typeof location === "string" &&
      isCount(elements);
    if (!sound) throw this.#wrong("its pickle refers to something that is no storage");
    this.push(new PyStorage(type.dtype, key, elements));
  }

  /** What stands for a call of `callee`. */
  reduce(callee: PyValue, given: PyValue): void {
    if (!(callee instanceof PyGlobal) || !(given instanceof PyTuple)) {
      throw this.#wrong("its pickle calls something that may not be called");
    }
    const { items } = given;
    if (callee.kind === "rebuild-tensor") this.push(this.#tensor(items));
    else if (callee.kind === "rebuild-parameter" && items[0] instanceof PyTensor) this.push(items[0]);
    else if (callee.kind === "size" && items.length === 1) this.push(items[0] as PyValue);
    else if (callee.kind === "ordered-dict") this.push(this.#ordered(items));
    else throw this.#wrong("its pickle calls something that may not be called");
  }

  #tensor([storage, offset, size, stride]: readonly PyValue[]): PyTensor {
    const [shape, strides] = [countsOf(size), countsOf(stride)];
    if (
      !(storage instanceof PyStorage) ||
      !isCount(offset) ||
      shape === null ||
      strides?.length !== shape.length
    ) {
      throw this.#wrong("its pickle describes a tensor that cannot be");
    }
    // BigInt: sizes and strides of a hostile file multiply to anything.
    const reach = shape.reduce(
      (sum, length, i) => sum + BigInt(length - 1) * BigInt(strides[i] as number),
      BigInt(offset),
    );
    if (!shape.includes(0) && reach >= BigInt(storage.elements)) {
      throw this.#wrong("its pickle describes a tensor outside of its storage");
    }
    return new PyTensor(storage, offset, shape, strides);
  }

  /** OrderedDict(), or OrderedDict([(key, value), …]) as Python 2 wrote it. */
  #ordered(items: readonly PyValue[]): PyDict {
    const dict = new PyDict();
    const [list, ...more] = items;
    if (list === undefined) return dict;
    if (!(list instanceof PyList) || more.length > 0)
      throw this.#wrong("its pickle fills a dict in an unknown way");
    for (const pair of list.items) {
      const parts = pair instanceof PyTuple || pair instanceof PyList ? pair.items : [];
      if (parts.length !== 2) throw this.#wrong("its pickle fills a dict in an unknown way");
      dict.entries.set(this.#key(parts[0]), parts[1] as PyValue);
    }
    return dict;
  }

  /** State set on an object: a state dict carries its version notes so, and they are let go. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof PyDict))
      throw this.#wrong("its pickle sets the state of something that has none");
  }
}

function isCount(value: PyValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function countsOf(value: PyValue | undefined): number[] | null {
  if (!(value instanceof PyTuple) || value.items.length > maxRank) return null;
  return value.items.every(isCount) ? (value.items as number[]) : null;
}
