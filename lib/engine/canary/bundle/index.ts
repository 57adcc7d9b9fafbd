/** One file from which a judgement follows: written by the ledger, judged again by anybody. Pure. */
export { inputOfBundle, parseBundle } from "./read-bundle";
export { type BundledAnswers, type BundledReference, bundleSchemaName, type CanaryBundle } from "./schema";
