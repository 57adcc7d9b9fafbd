import { type DrawnItem, imageFacts } from "@/lib/engine/canary";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { atField } from "./app-error";
import { speaksForInstance } from "./ask/policy";
import { isConnected } from "./connected";
import { drawnOf } from "./drawn-items";
import { firstTranscript } from "./first-original";
import { findSet, pathsOf } from "./load-set";
import { setIdSchema } from "./schema";

export interface PictureFile {
  /** Its last part, without an ending, is the item's id ("U+4E00") or its character. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Takes the pictures that the drawn items of a generator set were rendered to, some or all: what a model is shown. The
 * first picture of an item stays, and it is the one that the original was asked with, if its transcript is here. The
 * author's side hands them in, or who speaks for this instance. Errors: sign-in-required, not-found, not-allowed,
 * wrong-state (nothing-drawn), invalid-input (pictures: required, unknown-item, bad-image, too-large, not-as-asked),
 * too-many-requests.
 */
export async function addPictures(
  ctx: Context,
  input: { readonly setId: string; readonly pictures: readonly PictureFile[] },
): Promise<{ readonly added: number; readonly missing: number }> {
  const userId = memberOf(ctx.viewer);
  const set = await findSet(ctx.db, parseInput(setIdSchema, input.setId));
  if (!speaksForInstance(ctx.viewer) && !(await isConnected(ctx.db, set, userId)))
    throw new AppError("not-allowed");
  const drawn = drawnOf(set);
  if (drawn === null) throw new AppError("wrong-state", { detail: { reason: "nothing-drawn" } });
  const refuse = (code: string, item?: string) =>
    new AppError("invalid-input", {
      fields: { pictures: code },
      ...(item === undefined ? {} : { detail: { item } }),
    });
  if (input.pictures.length === 0) throw refuse("required");
  await consumeAct(ctx, "text");
  const asked = await askedPictures(ctx, set);
  const find = itemByName(drawn);
  const rows = input.pictures.map(({ name, bytes }) => {
    const item = find(name);
    if (item === undefined) throw refuse("unknown-item", name.slice(0, 100));
    const facts = atField("pictures", () => imageFacts(bytes, name));
    const before = asked.get(item.id);
    if (before !== undefined && before !== facts.sha256) throw refuse("not-as-asked", item.id);
    return { itemId: item.id, facts, bytes };
  });
  for (const { bytes } of rows) await ctx.blobs.put(bytes);
  const createdAt = ctx.clock.now();
  return ctx.db.$transaction(
    async (tx) => {
      for (const { facts } of rows)
        await rememberBlob(tx, {
          sha256: facts.sha256,
          size: facts.size,
          mediaType: facts.type,
          at: createdAt,
        });
      const { count } = await tx.canaryPicture.createMany({
        data: rows.map(({ itemId, facts }) => ({ canarySetId: set.id, itemId, ...facts, createdAt })),
        skipDuplicates: true,
      });
      const there = await tx.canaryPicture.count({ where: { canarySetId: set.id } });
      await pagesChanged(tx, pathsOf(set));
      return { added: count, missing: drawn.length - there };
    },
    // Hundreds of pictures, each remembered on its own.
    { timeout: 30_000 },
  );
}

function itemByName(drawn: readonly DrawnItem[]): (name: string) => DrawnItem | undefined {
  const byId = new Map(drawn.flatMap((item) => [[item.id, item] as const, [item.answer, item] as const]));
  return (name) =>
    byId.get((name.split(/[\\/]/).at(-1) ?? "").replace(/\.[A-Za-z]{3,4}$/, "").normalize("NFC"));
}

/** SHA-256 of the picture that each item was put to the original with, as its transcript has it. */
async function askedPictures(
  ctx: Pick<Context, "db" | "blobs">,
  set: CanarySet,
): Promise<ReadonlyMap<string, string>> {
  const bytes = await firstTranscript(ctx, set);
  const found = new Map<string, string>();
  // Checked whole when it came; a line is a call with the request as it was sent, an image by its hash.
  for (const line of Buffer.from(bytes ?? [])
    .toString("utf8")
    .split("\n")
    .slice(1)) {
    const { id, request = "" } = (line === "" ? {} : JSON.parse(line)) as { id?: string; request?: string };
    const sha256 = /sha256[:,]([0-9a-f]{64})/.exec(request)?.[1];
    if (id !== undefined && sha256 !== undefined) found.set(id, sha256);
  }
  return found;
}
