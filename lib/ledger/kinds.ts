/** Kinds of public acts: the closed list of the log's leaves. Each has its predicate in predicates.ts. */
export { type LeafKind as LedgerKind, leafKinds as ledgerKinds } from "@/lib/engine/log/leaf";
