import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { join } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { currentKey, currentKeyOrNew, type KeyRole, keyRoles, parseKey, previousKey } from "./key-files";

export { type KeyRole, keyRoles, retirePreviousKey } from "./key-files";

export interface InstanceKey {
  readonly role: KeyRole;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export interface InstanceKeys {
  of(role: KeyRole): InstanceKey;
  /** The log key before the last rotation, while it still signs beside the new one. */
  readonly previousLog: InstanceKey | null;
  /** Roles whose key was made just now: their owner has to be told. */
  readonly made: readonly KeyRole[];
  /** Roles whose key comes from the environment. */
  readonly given: readonly KeyRole[];
  readonly folder: string;
}

export interface KeySettings {
  /** Folder of the key files, readable by the owner only. */
  readonly folder: string;
  /** Keys given in the environment instead: PKCS #8 PEM, or the 32-byte seed in base64. */
  readonly given?: Partial<Record<KeyRole | "previousLog", string | undefined>>;
  /** False: the instance has its keys already, so that one which is missing here has to be brought, not made. */
  readonly make?: boolean;
}

/** Opens the instance's keys; makes those that neither the environment nor the folder has, if it may. Throws StartProblem. */
export function openKeys({ folder, given = {}, make = true }: KeySettings): InstanceKeys {
  const made: KeyRole[] = [];
  const keys = new Map<KeyRole, InstanceKey>();
  for (const role of keyRoles) {
    const content = given[role];
    const key =
      content !== undefined
        ? parseKey(content, variableOf(role))
        : make
          ? currentKeyOrNew(folder, role, () => made.push(role))
          : currentKey(folder, role);
    if (key === null)
      throw new StartProblem(
        `${join(folder, `${role}.key`)} is not here, and this log has its keys already: copy the key folder of the machine that has it, or set ${variableOf(role)}`,
      );
    keys.set(role, instanceKey(role, key));
  }
  return {
    of: (role) => keys.get(role) as InstanceKey,
    previousLog: openPrevious({ folder, given }),
    made,
    given: keyRoles.filter((role) => given[role] !== undefined),
    folder,
  };
}

/** The log key before the last rotation; null when none signs beside the new one. Throws StartProblem. */
export function openPrevious({ folder, given = {} }: KeySettings): InstanceKey | null {
  const previous =
    given.previousLog === undefined ? previousKey(folder) : parseKey(given.previousLog, previousVariable);
  return previous === null ? null : instanceKey("log", previous);
}

/** Environment variables that hold keys: one for each role, and the log's old one during an overlap. */
export const variableOf = (role: KeyRole): string => `SLIPMARK_${role.toUpperCase()}_KEY`;
export const previousVariable = "SLIPMARK_LOG_KEY_PREVIOUS";

/** What to tell the operator about keys that were made just now; null when none was. */
export function aboutNewKeys(keys: InstanceKeys): string | null {
  if (keys.made.length === 0) return null;
  return [
    `made ${keys.made.length === 1 ? "the key" : "the keys"} ${keys.made.join(", ")} in ${keys.folder}`,
    "copy that folder to a safe place now, apart from the database and its backups:",
    "without log.key this log can never be continued under its name, and whoever has the file can sign in its name",
  ].join("\n");
}

export const keyFingerprint = (spki: Uint8Array): string => createHash("sha256").update(spki).digest("hex");

export function instanceKey(role: KeyRole, privateKey: KeyObject): InstanceKey {
  const spki = new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }));
  return {
    role,
    spki,
    publicKey: spki.slice(-32),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
