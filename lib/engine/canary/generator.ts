import { z } from "zod";

/** A public program that makes items from a nonce, and its parameters: all that a generator set fixes beforehand. */
export const generatorSchema = z.strictObject({
  program: z.literal("rare-han/v1"),
  parameters: z.strictObject({
    /** First and last code point, both inside one block of Han characters. */
    from: z.int().min(0x3400).max(0x323af),
    to: z.int().min(0x3400).max(0x323af),
  }),
});
export type Generator = z.infer<typeof generatorSchema>;
