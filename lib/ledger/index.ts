export { type LedgerKind, ledgerKinds } from "./kinds";
