import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import {
  fromHex,
  LogError,
  pae,
  parseSshArmour,
  parseSshPublicKey,
  publicKeyOfSpki,
  requirePublicKey,
  spkiOf,
  statementMediaType,
  utf8,
  verifyStatementSignature,
} from "@/lib/engine/log";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { notify } from "@/lib/platform/notify";
import { logChannel, untilPublic } from "./append-entry";
import { leaveToInstance } from "./hold-for-author";

export interface HeldAct {
  readonly id: string;
  readonly dedupKey: string;
  readonly kind: string;
  readonly about: string;
  /** Canonical JSON. */
  readonly statement: string;
  /** The bytes to sign: the statement in DSSE's pre-authentication encoding. */
  readonly encoding: Uint8Array;
  /** Hex SHA-256 of them. */
  readonly pae: string;
  /** Null: until its case is public, and then to the end of the half hour if that is later. */
  readonly until: Date | null;
}

/** What waits for this member's signature, oldest first. */
export async function heldActs(ctx: Pick<Context, "db" | "viewer" | "clock">): Promise<readonly HeldAct[]> {
  const heldForId = memberOf(ctx.viewer);
  const rows = await ctx.db.logPending.findMany({
    where: { heldForId, signature: null, heldUntil: { gt: ctx.clock.now() } },
    orderBy: { id: "asc" },
  });
  return rows.map(heldAct);
}

/** One of them. Null also for what is somebody else's, signed, or already left to the instance. */
export async function heldActOf(
  ctx: Pick<Context, "db" | "viewer" | "clock">,
  id: string,
): Promise<HeldAct | null> {
  return (await heldActs(ctx)).find((act) => act.id === id) ?? null;
}

/**
 * Puts the author's signature on a held act and lets the log go on with it. The key is an ssh-ed25519 line, a PEM or 64
 * hex digits; the signature is SSH armour (ssh-keygen -Y sign -n slipmark) or base64 of the 64 bytes over the encoding.
 * With null the act is left to the instance's own key at once. Errors: sign-in-required, not-found, invalid-input,
 * already-done (it is in the log: `index`).
 */
export async function signHeldAct(
  ctx: Pick<Context, "db" | "viewer" | "clock">,
  id: string,
  given: { readonly publicKey: string; readonly signature: string } | null,
): Promise<void> {
  const act = await heldActOf(ctx, id);
  if (act === null) throw await notHeld(ctx, id);
  const count =
    given === null ? await leaveToInstance(ctx.db, act) : await keep(ctx, act, checkedSignature(act, given));
  if (count === 0) throw await notHeld(ctx, id);
  await notify(ctx.db, logChannel, "");
}

/** The sequencer takes it only once it is not held any more, so nobody can be faster by half. */
async function keep(
  ctx: Pick<Context, "db" | "clock">,
  act: HeldAct,
  { signature, spki }: { readonly signature: Uint8Array; readonly spki: Uint8Array },
): Promise<number> {
  const { count } = await ctx.db.logPending.updateMany({
    where: { id: BigInt(act.id), signature: null, heldUntil: { gt: ctx.clock.now() } },
    data: {
      signature: Buffer.from(signature),
      publicKey: Buffer.from(spki),
      // Signed, it still waits for its case to be public.
      ...(act.until === null ? {} : { heldUntil: null }),
    },
  });
  return count;
}

/** Its time is over, or somebody else's: where the log has it, it says so. */
async function notHeld(ctx: Pick<Context, "db">, id: string): Promise<AppError> {
  const entry = /^\d{1,18}$/.test(id)
    ? await ctx.db.logEntry.findUnique({ where: { pendingId: BigInt(id) }, select: { index: true } })
    : null;
  return entry === null
    ? new AppError("not-found")
    : new AppError("already-done", { detail: { index: Number(entry.index) } });
}

function checkedSignature(
  act: HeldAct,
  given: { readonly publicKey: string; readonly signature: string },
): { readonly spki: Uint8Array; readonly signature: Uint8Array } {
  const spki = attempt("publicKey", () => spkiOf(publicKeyFrom(given.publicKey.trim())));
  const signature = attempt("signature", () => signatureFrom(given.signature.trim()));
  const good = attempt("signature", () => verifyStatementSignature(act.encoding, signature, spki));
  if (!good) throw new AppError("invalid-input", { fields: { signature: "does-not-verify" } });
  return { spki, signature };
}

function publicKeyFrom(text: string): Uint8Array {
  if (text.startsWith("ssh-ed25519 ")) return parseSshPublicKey(text);
  if (text.includes("-----BEGIN PUBLIC KEY-----"))
    return publicKeyOfSpki(
      new Uint8Array(Buffer.from(text.replace(/-----[A-Z ]+-----/g, "").replace(/\s/g, ""), "base64")),
    );
  const key = fromHex(text.toLowerCase(), 32);
  requirePublicKey(key);
  return key;
}

function signatureFrom(text: string): Uint8Array {
  if (text.startsWith("-----BEGIN SSH SIGNATURE-----")) return parseSshArmour(text);
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.length !== 64) throw new LogError("malformed", "not 64 bytes in base64");
  return bytes;
}

function attempt<Result>(field: "publicKey" | "signature", read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof LogError)
      throw new AppError("invalid-input", {
        fields: { [field]: field === "publicKey" ? "not-a-key" : "not-a-signature" },
      });
    throw error;
  }
}

function heldAct(row: {
  id: bigint;
  dedupKey: string;
  kind: string;
  about: string;
  statement: string;
  heldUntil: Date | null;
}): HeldAct {
  const encoding = pae(statementMediaType, utf8(row.statement));
  return {
    id: String(row.id),
    dedupKey: row.dedupKey,
    kind: row.kind,
    about: row.about,
    statement: row.statement,
    encoding,
    pae: sha256Hex(encoding),
    until: row.heldUntil === null || row.heldUntil >= untilPublic ? null : row.heldUntil,
  };
}
