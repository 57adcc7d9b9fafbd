import { z } from "zod";
import { groupSchema } from "../result/document";

export const fullSchemaName = "slipmark.fingerprint/v1";
export const lightSchemaName = "slipmark.fingerprint-light/v1";

/** Coordinates of a tensor's sketch. sd(cosine) = (1 − c²)/√k. */
export const sketchWidth = 1024;
/** Coordinates of the sketch of a sampled run. */
export const lightSketchWidth = 256;
/** Rows of a layer's up projection that are kept, and what each is projected to. */
export const projectedRows = 256;
export const projectedWidth = 128;
/** Smallest hashes of tokens that are kept; these tokens are the anchors of the embedding sketch too. */
export const anchorCount = 512;
const normQuantiles = 32;

const hex40 = z.string().regex(/^[0-9a-f]{40}$/);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = (bytes: number) => {
  const length = Math.ceil(bytes / 3) * 4;
  return z
    .string()
    .min(length)
    .max(length)
    .regex(/^[A-Za-z0-9+/]*={0,2}$/);
};

const placeSchema = z.strictObject({
  role: z.enum([
    "embedding",
    "position",
    "head",
    "query",
    "key",
    "value",
    "attention-out",
    "gate",
    "up",
    "down",
    "router",
    "norm-attention",
    "norm-mlp",
    "norm-final",
    "norm",
    "convolution",
    "other",
  ]),
  parameter: z.enum(["weight", "bias"]),
  stack: z.string().max(512).nullable(),
  layer: z.int().min(0).nullable(),
  expert: z.int().min(0).nullable(),
  group: groupSchema,
});

const tensorFields = {
  name: z.string().min(1).max(1024),
  stored: z.string().min(1).max(1024),
  place: placeSchema,
  dtype: z.string().min(1).max(32),
  shape: z.array(z.int().min(0)).max(16),
  rows: z.int().min(0),
  cols: z.int().min(0),
};

const fullTensorSchema = z.strictObject({
  ...tensorFields,
  /** Merkle root over the 1 MiB leaves of its bytes (RFC 6962 over their SHA-256); null where they are mixed with another's. */
  root: hex64.nullable(),
  mean: z.number(),
  sd: z.number().min(0),
  /** Excess kurtosis: 0 for a normal distribution; 0 by definition where sd is 0. */
  kurtosis: z.number(),
  /** The (i + ½)/32 quantiles of the rows' Euclidean norms, ascending; null beyond 2^20 rows. */
  rowNorms: z.array(z.number().min(0)).length(normQuantiles).nullable(),
  /** 1024 float32, little endian, base64: a block-circulant CountSketch of the values, linear in them. */
  sketch: base64(sketchWidth * 4),
});

const lightTensorSchema = z.strictObject({
  ...tensorFields,
  /** The sampled run, elements [start, end) row-major; null where the tensor is too small to be sampled. */
  run: z
    .strictObject({
      start: z.int().min(0),
      end: z.int().min(0),
      mean: z.number(),
      sd: z.number().min(0),
      sketch: base64(lightSketchWidth * 4),
    })
    .nullable(),
});

const projectedLayerSchema = z.strictObject({
  /** Name of the tensor whose first rows these are. */
  tensor: z.string().min(1).max(1024),
  rows: z.int().min(1).max(projectedRows),
  /** rows × 128 int8, row-major, base64: ⌊32·R·w/|w| + ½⌋, held to ±127; a zero row stays zero. */
  values: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
});

const simhash = z.string().regex(/^[0-9a-f]{256}$/);

const commonFields = {
  /** "sha256:" + SHA-256 of the canonical JSON of everything but digest and signature. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  release: z.strictObject({
    /** "hf:org/name", "github:org/name", or null for a folder. */
    repository: z.string().max(512).nullable(),
    commit: hex40.nullable(),
    /** SHA-256 of the listing: paths, sizes and ids of the files. */
    content: hex64,
  }),
  format: z.enum(["safetensors", "gguf", "onnx", "pytorch"]),
  /** SHA-256 of the multiset of shapes, blind to names. */
  structure: hex64,
  tokenizer: z
    .strictObject({
      tokens: z.int().min(0),
      /** The smallest 12-digit prefixes of SHA-256 over the tokens, ascending, at most 512: a bottom-k MinHash. */
      hashes: z.array(z.string().regex(/^[0-9a-f]{12}$/)).max(anchorCount),
    })
    .nullable(),
  /** Git blob ids of the program files, ascending. */
  code: z.array(hex40).max(20_000),
  /**
   * 1024 bits, hex: the signs of the sketches of the sampled runs, each at unit length, added up. Null where fewer than
   * 4,096 values were sampled: too many of the 1,024 sums would be empty.
   */
  sampledSimhash: simhash.nullable(),
};

export const signatureSchema = z.strictObject({
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER). */
  keyId: hex64,
  /** Ed25519, SubjectPublicKeyInfo, DER, base64. */
  publicKey: base64(44),
  signature: base64(64),
});

export const fullFingerprintSchema = z.strictObject({
  schema: z.literal(fullSchemaName),
  ...commonFields,
  /** The same, from the sketches of whole matrices. */
  simhash: simhash.nullable(),
  tensors: z.array(fullTensorSchema).min(1).max(200_000),
  projected: z.array(projectedLayerSchema).max(20_000),
  /** Cosines between the centred embeddings of anchor tokens, sketched; null without embedding or tokenizer. */
  embeddings: z
    .strictObject({ anchors: z.int().min(2).max(anchorCount), sketch: base64(sketchWidth * 4) })
    .nullable(),
  signature: signatureSchema.optional(),
});

export const lightFingerprintSchema = z.strictObject({
  schema: z.literal(lightSchemaName),
  ...commonFields,
  tensors: z.array(lightTensorSchema).min(1).max(200_000),
  signature: signatureSchema.optional(),
});

export const anyFingerprintSchema = z.discriminatedUnion("schema", [
  fullFingerprintSchema,
  lightFingerprintSchema,
]);

export type FullFingerprint = z.infer<typeof fullFingerprintSchema>;
export type LightFingerprint = z.infer<typeof lightFingerprintSchema>;
export type Fingerprint = FullFingerprint | LightFingerprint;
export type FullTensor = z.infer<typeof fullTensorSchema>;
export type LightTensor = z.infer<typeof lightTensorSchema>;
export type FingerprintSignature = z.infer<typeof signatureSchema>;
