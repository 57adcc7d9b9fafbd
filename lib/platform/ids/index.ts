import { randomBytes } from "node:crypto";

/** Prefixes of internal ids. Public case numbers (SLP-2026-0001) are made in lib/cases. */
export type IdPrefix =
  | "usr"
  | "acc"
  | "ses"
  | "rel"
  | "cap"
  | "mdl"
  | "fpr"
  | "fpj"
  | "ckp"
  | "cns"
  | "ans"
  | "jdg"
  | "caj"
  | "cse"
  | "crl"
  | "clm"
  | "pty"
  | "rec"
  | "pst"
  | "ver"
  | "plk"
  | "lnk"
  | "run"
  | "rep"
  | "chk"
  | "rdc"
  | "rcl";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** `run_` + 20 base-32 digits (100 random bits). */
export function newId(prefix: IdPrefix): string {
  let digits = "";
  for (const byte of randomBytes(20)) digits += alphabet[byte & 31];
  return `${prefix}_${digits}`;
}
