import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Four keys, so that none can do another's work: checkpoints, statements of people and of the site, runs, moderation. */
export const keyRoles = ["log", "site", "run", "moderator"] as const;
export type KeyRole = (typeof keyRoles)[number];

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
  readonly folder: string;
}

export interface KeySettings {
  /** Folder of the key files, readable by the owner only. */
  readonly folder: string;
  /** Keys given in the environment instead: PKCS #8 PEM, or the 32-byte seed in base64. */
  readonly given?: Partial<Record<KeyRole, string | undefined>>;
  /** False: the instance has its keys already, so that one which is missing here has to be brought, not made. */
  readonly make?: boolean;
}

const fileOf = (folder: string, name: string) => join(folder, `${name}.key`);

/** Opens the instance's keys; makes those that neither the environment nor the folder has, if it may. Throws StartProblem. */
export function openKeys(settings: KeySettings): InstanceKeys {
  const made: KeyRole[] = [];
  const keys = new Map<KeyRole, InstanceKey>();
  for (const role of keyRoles) {
    const given = settings.given?.[role];
    if (given !== undefined) keys.set(role, instanceKey(role, parseKey(given, `the ${role} key`)));
    else
      keys.set(
        role,
        instanceKey(
          role,
          keptKey(settings, role, () => made.push(role)),
        ),
      );
  }
  const previous = readKey(fileOf(settings.folder, "log.previous"));
  return {
    of: (role) => keys.get(role) as InstanceKey,
    previousLog: previous === null ? null : instanceKey("log", previous),
    made,
    folder: settings.folder,
  };
}

/** What to tell the operator about keys that were made just now; null when none was. */
export function aboutNewKeys(keys: InstanceKeys): string | null {
  if (keys.made.length === 0) return null;
  return [
    `made ${keys.made.length === 1 ? "the key" : "the keys"} ${keys.made.join(", ")} in ${keys.folder}`,
    "copy that folder to a safe place now, apart from the database and its backups:",
    "without log.key this log can never be continued under its name, and whoever has the file can sign in its name",
  ].join("\n");
}

/** Puts a new key in the place of a role's key. The old log key stays beside it, to sign during the overlap. */
export function replaceKey(
  folder: string,
  role: KeyRole,
): { readonly old: InstanceKey; readonly next: InstanceKey } {
  const path = fileOf(folder, role);
  const current = readKey(path);
  if (current === null)
    throw new StartProblem(
      `there is no ${role} key in ${folder}: a key that comes from the environment is rotated there`,
    );
  const { privateKey } = generateKeyPairSync("ed25519");
  writeKey(`${path}.next`, privateKey);
  if (role === "log") renameSync(path, fileOf(folder, "log.previous"));
  else renameSync(path, `${path}.${Date.now()}.retired`);
  renameSync(`${path}.next`, path);
  return { old: instanceKey(role, current), next: instanceKey(role, privateKey) };
}

/** Ends the overlap: the old log key signs no more. The file is kept under another name. */
export function retirePreviousLogKey(folder: string): void {
  const path = fileOf(folder, "log.previous");
  if (readKey(path) !== null) renameSync(path, `${path}.${Date.now()}.retired`);
}

export const keyFingerprint = (spki: Uint8Array): string => createHash("sha256").update(spki).digest("hex");

function instanceKey(role: KeyRole, privateKey: KeyObject): InstanceKey {
  const spki = new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }));
  return {
    role,
    spki,
    publicKey: spki.slice(-32),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

function keptKey({ folder, make = true }: KeySettings, role: KeyRole, onMade: () => void): KeyObject {
  const path = fileOf(folder, role);
  const known = readKey(path);
  if (known !== null) return known;
  if (!make)
    throw new StartProblem(
      `${path} is not here, and this log has its keys already: copy the key folder of the machine that has it, or set SLIPMARK_${role.toUpperCase()}_KEY`,
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mine = `${path}.${process.pid}`;
  writeKey(mine, generateKeyPairSync("ed25519").privateKey);
  try {
    // Fails when another process was faster; its key counts.
    linkSync(mine, path);
    onMade();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  return readKey(path) as KeyObject;
}

function writeKey(path: string, key: KeyObject): void {
  writeFileSync(path, key.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flush: true });
}

function readKey(path: string): KeyObject | null {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartProblem(`cannot read ${path}: ${(error as Error).message}`);
  }
  return parseKey(content, path);
}

/** PKCS #8 of a bare Ed25519 seed (RFC 8410, section 7). */
const seedPrefix = Buffer.from("302e020100300506032b657004220420", "hex");

function parseKey(content: string, what: string): KeyObject {
  const problem = new StartProblem(
    `${what} is not an Ed25519 private key (PKCS #8 PEM, or 32 bytes in base64)`,
  );
  try {
    const seed = Buffer.from(content.trim(), "base64");
    const key = content.includes("-----BEGIN")
      ? createPrivateKey(content)
      : createPrivateKey({ key: Buffer.concat([seedPrefix, seed]), format: "der", type: "pkcs8" });
    if (key.asymmetricKeyType !== "ed25519") throw problem;
    return key;
  } catch {
    throw problem;
  }
}
