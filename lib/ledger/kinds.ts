/**
 * Kinds of public acts: the closed list of the log's leaves. Those whose predicate is not in predicates.ts yet are
 * reserved, not usable.
 */
export { type LeafKind as LedgerKind, leafKinds as ledgerKinds } from "@/lib/engine/log/leaf";
