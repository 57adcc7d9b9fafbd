import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { canonical } from "../log";
import { sha256 } from "../log/hashing";
import { bytesOfHex, concat, hex, u32be, utf8 } from "./bytes";
import { CanaryError } from "./errors";

/** Blocks of unified Han characters (Unicode 16, Blocks.txt); compatibility ideographs are not among them. */
const blocks = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2ebef],
  [0x2ebf0, 0x2ee5f],
  [0x30000, 0x323af],
] as const;

/** A public program that makes items from a nonce, and its parameters: all that a generator set fixes beforehand. */
export const generatorSchema = z.strictObject({
  program: z.literal("rare-han/v1"),
  parameters: z
    .strictObject({
      /** First and last code point of the alphabet, inside one block of Han characters. */
      from: z.int(),
      to: z.int(),
      /** The alphabet where it is not all of them (no font has every character): in the order of code points. */
      characters: z.string().min(1).max(20_000).optional(),
    })
    .refine(({ from, to }) => blocks.some(([first, last]) => from >= first && to <= last && from <= to), {
      message: "from and to are code points of one block of Han characters, in this order",
    })
    .refine(({ from, to, characters }) => characters === undefined || ascending(characters, from, to), {
      message: "characters are each between from and to, in the order of code points, none twice",
      path: ["characters"],
    }),
});
export type Generator = z.infer<typeof generatorSchema>;

function ascending(characters: string, from: number, to: number): boolean {
  let before = from - 1;
  for (const character of characters) {
    const point = character.codePointAt(0) as number;
    if (point <= before || point > to) return false;
    before = point;
  }
  return true;
}

/** One drawn item; its picture is rendered from the answer. */
export interface DrawnItem {
  /** "U+4E00": the code point. */
  readonly id: string;
  readonly answer: string;
}

/** Hex SHA-256 of the canonical description of program and parameters: the root of a generator set. */
export function generatorRoot(generator: Generator): string {
  return hex(sha256(utf8(canonical(generator))));
}

/** How many characters the alphabet has. */
export function alphabetSize({ parameters }: Generator): number {
  const { from, to, characters } = parameters;
  return characters === undefined ? to - from + 1 : [...characters].length;
}

/**
 * How many characters an alphabet needs for each item that is drawn of it. Models may be out when an alphabet is chosen:
 * out of a short run its author can choose where both err alike, and out of a list any characters at all.
 */
export const alphabetPerItem = 20;

const label = utf8("slipmark/canary-generator/rare-han/v1\n");

/**
 * The items of a generator set, in their order: distinct characters, each u64be(HMAC-SHA256(nonce, label ‖ setId ‖
 * u32be(k))[0:8]) mod alphabet for k = 0, 1, 2, …, passing over what falls into the last, incomplete round of 2^64 and
 * what was drawn before. Throws CanaryError "bad-generator" when the alphabet has fewer than that many characters.
 */
export function generatedItems(
  generator: Generator,
  draw: { readonly nonce: string; readonly setId: string; readonly items: number },
): DrawnItem[] {
  const size = alphabetSize(generator);
  if (draw.items > size)
    throw new CanaryError("bad-generator", `${draw.items} items cannot be drawn from ${size} characters`);
  const keyed = hmac.create(portableSha256, bytesOfHex(draw.nonce, 32, "The nonce", "bad-nonce"));
  const setId = bytesOfHex(draw.setId, 16, "The set id", "bad-commitment");
  const limit = (2n ** 64n / BigInt(size)) * BigInt(size);
  const listed = generator.parameters.characters === undefined ? null : [...generator.parameters.characters];
  const drawn = new Set<number>();
  for (let counter = 0; drawn.size < draw.items; counter += 1) {
    const digest = keyed
      .clone()
      .update(concat(label, setId, u32be(counter)))
      .digest();
    const value = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0);
    if (value >= limit) continue;
    const place = Number(value % BigInt(size));
    drawn.add(listed?.[place]?.codePointAt(0) ?? generator.parameters.from + place);
  }
  return [...drawn].map((codePoint) => ({
    id: `U+${codePoint.toString(16).toUpperCase()}`,
    answer: String.fromCodePoint(codePoint),
  }));
}
