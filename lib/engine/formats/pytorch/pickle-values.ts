/** What a checkpoint's pickle may build. Nothing in here is ever called or imported: these are records of its words. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyTuple
  | PyList
  | PyDict
  | PyGlobal
  | PyStorage
  | PyTensor;

export class PyTuple {
  constructor(readonly items: readonly PyValue[]) {}
}

export class PyList {
  readonly items: PyValue[] = [];
}

/** A dict or an OrderedDict. */
export class PyDict {
  readonly entries = new Map<string | number | bigint | boolean | null, PyValue>();
}

/** One of the names on the list of what may be referred to. */
export class PyGlobal {
  constructor(
    readonly kind: "rebuild-tensor" | "rebuild-parameter" | "ordered-dict" | "size" | "storage" | "dtype",
    /** The dtype of a storage, in this engine's words. */
    readonly dtype: string | null,
  ) {}
}

export class PyStorage {
  constructor(
    readonly dtype: string,
    readonly key: string,
    readonly elements: number,
  ) {}
}

export class PyTensor {
  constructor(
    readonly storage: PyStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

const storages: Readonly<Record<string, string>> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

const dtypes = /^(?:float(?:16|32|64)|half|double|bfloat16|u?int(?:8|16|32|64)|bool|float8_[a-z0-9]+)$/;

/** The whole list of what a pickle may name; null for everything else. */
export function allowedGlobal(module: string, name: string): PyGlobal | null {
  const word = `${module} ${name}`;
  if (word === "torch._utils _rebuild_tensor_v2") return new PyGlobal("rebuild-tensor", null);
  if (word === "torch._utils _rebuild_parameter") return new PyGlobal("rebuild-parameter", null);
  if (word === "collections OrderedDict") return new PyGlobal("ordered-dict", null);
  if (module !== "torch") return null;
  if (name === "Size") return new PyGlobal("size", null);
  if (Object.hasOwn(storages, name)) return new PyGlobal("storage", storages[name] as string);
  return dtypes.test(name) ? new PyGlobal("dtype", null) : null;
}
