export { statementSchemas } from "./json-schemas";
export { payloadDigest } from "./payload";
export type { ActorRole, Facts, UsedKind } from "./predicates";
export { type PendingEntry, pendingEntries } from "./queries";
export { type Act, recordAct } from "./record-act";
export type { Subject } from "./statement";
export { storePayload } from "./store-payload";
