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
import { logChannel } from "./append-entry";

/** How long the log waits for an author's signature before the instance signs. */
export const holdMs = 30 * 60_000;

export interface HeldAct {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  /** Canonical JSON. */
  readonly statement: string;
  /** The bytes to sign: the statement in DSSE's pre-authentication encoding. */
  readonly encoding: Uint8Array;
  /** Hex SHA-256 of them. */
  readonly pae: string;
  readonly until: Date;
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
 * With null the act is left to the instance's own key at once. Errors: sign-in-required, not-found, invalid-input.
 */
export async function signHeldAct(
  ctx: Pick<Context, "db" | "viewer" | "clock">,
  id: string,
  given: { readonly publicKey: string; readonly signature: string } | null,
): Promise<void> {
  const act = await heldActOf(ctx, id);
  if (act === null) throw new AppError("not-found");
  const signed = given === null ? null : checkedSignature(act, given);
  // The sequencer takes it only once it is not held any more, so nobody can be faster by half.
  const { count } = await ctx.db.logPending.updateMany({
    where: { id: BigInt(act.id), signature: null, heldUntil: { gt: ctx.clock.now() } },
    data: {
      heldUntil: null,
      ...(signed === null
        ? {}
        : { signature: Buffer.from(signed.signature), publicKey: Buffer.from(signed.spki) }),
    },
  });
  if (count === 0) throw new AppError("not-found");
  await notify(ctx.db, logChannel, "");
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
  kind: string;
  about: string;
  statement: string;
  heldUntil: Date | null;
}): HeldAct {
  const encoding = pae(statementMediaType, utf8(row.statement));
  return {
    id: String(row.id),
    kind: row.kind,
    about: row.about,
    statement: row.statement,
    encoding,
    pae: sha256Hex(encoding),
    until: row.heldUntil ?? new Date(0),
  };
}
