interface Float8 {
  readonly exponentBits: number;
  readonly bias: number;
  /** "ieee": infinities and NaNs at the largest exponent; "fn": only all ones is NaN; "fnuz": only 0x80 is NaN. */
  readonly specials: "ieee" | "fn" | "fnuz";
}

// Micikevicius et al., "FP8 Formats for Deep Learning" (arXiv 2209.05433); the fnuz variants as in
// Noune et al. (arXiv 2206.02915): no negative zero, no infinities, the bias one larger.
const kinds: Readonly<Record<string, Float8>> = {
  F8_E4M3: { exponentBits: 4, bias: 7, specials: "fn" },
  F8_E5M2: { exponentBits: 5, bias: 15, specials: "ieee" },
  F8_E4M3FNUZ: { exponentBits: 4, bias: 8, specials: "fnuz" },
  F8_E5M2FNUZ: { exponentBits: 5, bias: 16, specials: "fnuz" },
};

const tables = new Map<string, Float32Array>();

/** All 256 values of an 8-bit float; F8_E8M0 is a bare power of two (OCP Microscaling Formats 1.0, 5.4.1). */
export function float8Table(dtype: string): Float32Array {
  const known = tables.get(dtype);
  if (known !== undefined) return known;
  const kind = kinds[dtype];
  if (kind === undefined && dtype !== "F8_E8M0") throw new TypeError(`no decoding for ${dtype}`);
  const table = Float32Array.from({ length: 256 }, (_, code) =>
    kind === undefined ? (code === 255 ? Number.NaN : 2 ** (code - 127)) : valueOfCode(code, kind),
  );
  tables.set(dtype, table);
  return table;
}

function valueOfCode(code: number, { exponentBits, bias, specials }: Float8): number {
  const fractionBits = 7 - exponentBits;
  const sign = code & 0x80 ? -1 : 1;
  const exponent = (code >> fractionBits) & ((1 << exponentBits) - 1);
  const fraction = code & ((1 << fractionBits) - 1);
  if (specials === "fnuz" && code === 0x80) return Number.NaN;
  if (specials === "fn" && (code & 0x7f) === 0x7f) return Number.NaN;
  if (specials === "ieee" && exponent === (1 << exponentBits) - 1) {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  const one = 1 << fractionBits;
  return exponent === 0
    ? sign * (fraction / one) * 2 ** (1 - bias)
    : sign * (1 + fraction / one) * 2 ** (exponent - bias);
}
