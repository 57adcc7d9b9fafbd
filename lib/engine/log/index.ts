/**
 * A tiled transparency log: hashing, proofs, tiles, notes, checkpoints, cosignatures, leaves and statements. Pure; runs
 * in a browser as on a server; depends on nothing else of Slipmark.
 */

export type { BundleFiles } from "./bundle-files";
export { citedPayloads } from "./bundle-payloads";
export { base64, concat, equal, fromBase64, fromHex, hex, text, utf8 } from "./bytes";
export * from "./checkpoint";
export * from "./cosignature";
export * from "./dsse";
export {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  publicKeyOfSpki,
  replaceEd25519,
  requirePublicKey,
  spkiOf,
} from "./ed25519";
export * from "./entry-bundle";
export * from "./errors";
export * from "./grow-tiles";
export { replaceSha256 } from "./hashing";
export * from "./key-file";
export * from "./leaf";
export * from "./note";
export * from "./ssh-signature";
export * from "./strict-json";
export * from "./tile-path";
export * from "./tile-proofs";
export * from "./tlog-proof";
export * from "./tree";
export * from "./verify-bundle";
