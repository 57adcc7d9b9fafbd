import { LogError } from "../errors";

/** What a monitor refuses. Closed; the message says what was found and where. */
export const monitorCodes = [
  /** The note is no checkpoint of this log, or its signature does not verify. */
  "bad-checkpoint",
  /** A line that claims to be of a witness, and does not verify. */
  "bad-cosignature",
  "origin-changed",
  /** Signed by no key that is known, and the log names no successor of one. */
  "key-changed",
  "shrank",
  /** Two trees that cannot both be the beginning of one log. */
  "forked",
  /** A tile that is damaged, or does not follow from the tiles under it. */
  "bad-tile",
  /** Entries or tiles that the size promises and the log does not give. */
  "skipped",
  /** An entry that is not the one in the tree. */
  "rewritten",
  /** An entry that is no leaf. */
  "bad-entry",
  /** A statement or payload that is gone without a word. */
  "blob-missing",
  /** A statement or payload with another hash. */
  "blob-changed",
  "bad-statement",
  "bad-signature",
  /** Said to be redacted, but no entry of the log says so. */
  "no-tombstone",
  "bad-tombstone",
  "bad-rotation",
] as const;
export type MonitorCode = (typeof monitorCodes)[number];

/** The log is not what it has to be. Everything else that is thrown (an unreachable host) says nothing about the log. */
export class MonitorProblem extends Error {
  readonly code: MonitorCode;
  constructor(code: MonitorCode, message: string) {
    super(message);
    this.name = "MonitorProblem";
    this.code = code;
  }
}

/** Runs a check of the log's library; what it refuses becomes this problem, with `where` in front. */
export function refusing<T>(code: MonitorCode, where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof LogError) throw new MonitorProblem(code, `${where}: ${error.message}`);
    throw error;
  }
}
