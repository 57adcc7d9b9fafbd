import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Four keys, so that none can do another's work: checkpoints, statements of people and of the site, runs, moderation. */
export const keyRoles = ["log", "site", "run", "moderator"] as const;
export type KeyRole = (typeof keyRoles)[number];

/** `role`: the key in use. `previous`: the log key before the last rotation. `next`: one that a rotation is about to use. */
const pathsOf = (folder: string, role: KeyRole) => ({
  current: join(folder, `${role}.key`),
  previous: join(folder, `${role}.previous.key`),
  next: join(folder, `${role}.key.next`),
});

export const currentKey = (folder: string, role: KeyRole) => readKey(pathsOf(folder, role).current);
export const previousKey = (folder: string) => readKey(pathsOf(folder, "log").previous);
export const nextKey = (folder: string, role: KeyRole) => readKey(pathsOf(folder, role).next);

/** The key of a role; made when there is none. When another process was faster, its key counts. */
export function currentKeyOrNew(folder: string, role: KeyRole, onMade: () => void): KeyObject {
  const path = pathsOf(folder, role).current;
  const known = readKey(path);
  if (known !== null) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mine = `${path}.${process.pid}`;
  writeKey(mine, generateKeyPairSync("ed25519").privateKey);
  try {
    if (linked(mine, path)) onMade();
  } finally {
    rmSync(mine, { force: true });
  }
  return readKey(path) as KeyObject;
}

/** A key for a rotation, on the disk before anybody is told of it. Nobody uses it yet. */
export function makeNextKey(folder: string, role: KeyRole): KeyObject {
  const { privateKey } = generateKeyPairSync("ed25519");
  writeKey(pathsOf(folder, role).next, privateKey);
  syncFolder(folder);
  return privateKey;
}

export function discardNextKey(folder: string, role: KeyRole): void {
  rmSync(pathsOf(folder, role).next, { force: true });
}

/**
 * Puts the next key in the place of the current one. At no moment is there none, and done again after it was cut off it
 * ends in the same state. The old log key stays beside the new one, to sign during the overlap; no old key is lost.
 */
export function activateNextKey(folder: string, role: KeyRole): void {
  const { current, previous, next } = pathsOf(folder, role);
  const aside = role === "log" ? previous : retiredName(current);
  if (role === "log" && !sameFile(current, previous)) retirePreviousKey(folder);
  linked(current, aside);
  renameSync(next, current);
  syncFolder(folder);
}

/** Ends the overlap: the old log key signs no more. Its file is kept under another name. False when there is none. */
export function retirePreviousKey(folder: string): boolean {
  const { previous } = pathsOf(folder, "log");
  if (readKey(previous) === null) return false;
  renameSync(previous, retiredName(previous));
  return true;
}

const retiredName = (path: string): string => `${path}.${Date.now()}.retired`;

const sameFile = (a: string, b: string): boolean => {
  const [one, other] = [readKey(a), readKey(b)];
  return one !== null && other !== null && one.equals(other);
};

/** False when there is a file of that name already. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function writeKey(path: string, key: KeyObject): void {
  rmSync(path, { force: true });
  writeFileSync(path, key.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx", flush: true });
}

/** So that the names in it survive a loss of power. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
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

/** Throws StartProblem. */
export function parseKey(content: string, what: string): KeyObject {
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
