import { z } from "zod";

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const chain = {
  kind: z.literal("drand"),
  /** Hash of the chain: its name at every relay. */
  chain: hex(32),
  /** Unix seconds of round 1, and seconds from round to round: when a round could first be known. */
  genesisTime: z.int().min(1).max(1e11),
  period: z.int().min(1).max(86_400),
  round: z.int().min(1).max(1e11),
};

/** A round of a drand chain. Public key and signatures of the first scheme lie on G2 and G1, of the second on G1 and G2. */
export const drandSchema = z.discriminatedUnion("scheme", [
  z.strictObject({ ...chain, scheme: z.literal("bls-unchained-g1-rfc9380"), publicKey: hex(96) }),
  z.strictObject({ ...chain, scheme: z.literal("pedersen-bls-chained"), publicKey: hex(48) }),
]);

/** Where the nonce comes from; fixed before it exists. */
export const beaconSchema = z.discriminatedUnion("kind", [
  drandSchema,
  z.strictObject({
    /** A checkpoint of the ledger's own log: whoever appends last could try 2^grindBits of them. */
    kind: z.literal("log-checkpoint"),
    size: z.int().min(1),
    grindBits: z.int().min(1).max(128),
  }),
  z.strictObject({ kind: z.literal("none") }),
]);

export type Beacon = z.infer<typeof beaconSchema>;
export type DrandBeacon = z.infer<typeof drandSchema>;
