/** Builds safetensors files for tests, honest ones and others. */

export interface TestTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes per element. */
  readonly width: number;
}

/** 8 bytes of length, then the header. The stated length may lie. */
export function withLength(header: string | Uint8Array, stated?: bigint): Uint8Array {
  const body = typeof header === "string" ? Buffer.from(header) : header;
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(stated ?? BigInt(body.length));
  return Buffer.concat([lead, body]);
}

/** A whole, honest file; the data is a repeated byte. */
export function safetensorsFile(tensors: readonly TestTensor[], fill = 1): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const { name, dtype, shape, width } of tensors) {
    const end = at + shape.reduce((product, size) => product * size, width);
    header[name] = { dtype, shape, data_offsets: [at, end] };
    at = end;
  }
  return Buffer.concat([withLength(JSON.stringify(header)), Buffer.alloc(at, fill)]);
}
