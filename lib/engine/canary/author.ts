import { sha256 } from "../log/hashing";
import { hex, utf8 } from "./bytes";

/** authorKeyId of an author with an Ed25519 key: hex SHA-256 of its SubjectPublicKeyInfo. */
export const authorKeyIdOfSpki = (spki: Uint8Array): string => hex(sha256(spki));

/** authorKeyId of an author without a key: hex SHA-256("slipmark/account/v1\n" ‖ the account's public id). */
export const authorKeyIdOfAccount = (accountId: string): string =>
  hex(sha256(utf8(`slipmark/account/v1\n${accountId}`)));
