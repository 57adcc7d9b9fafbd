import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartProblem } from "@/lib/platform/errors/start-problem";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A path inside the backup: never upwards, never absolute. */
const path = z
  .string()
  .regex(/^[\w.@-]+(\/[\w.@-]+)*$/)
  .refine((name) => !name.split("/").some((part) => part === "." || part === ".."));
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

/** What stands in a backup folder. Written last: a folder without it is not a backup. */
const manifestSchema = z.strictObject({
  schema: z.literal("slipmark.backup/v1"),
  /** When the snapshot was taken. */
  takenAt: z.iso.datetime(),
  postgres: z.string(),
  /** Migrations that the database had, in order. */
  migrations: z.array(z.string().regex(/^\d{14}_[a-z0-9_]+$/)).min(1),
  /** Version of the queue's own tables; null when no process had set it up. */
  queueVersion: z.int().nullable(),
  tables: z.array(
    z.strictObject({
      schema: identifier,
      name: identifier,
      columns: z.array(identifier).min(1),
      rows: z.int().min(0),
      file: path,
      sha256,
    }),
  ),
  sequences: z.array(z.strictObject({ name: identifier, value: z.string().regex(/^\d+$/) })),
  /** Blobs, tiles and checkpoint: the store's own names. */
  objects: z.array(z.strictObject({ name: path, size: z.int().min(0), sha256 })),
  /** Where the log ended outside the database when the backup was made. */
  guard: z.string().nullable(),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type TableDump = Manifest["tables"][number];

const fileName = "manifest.json";

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, fileName), `${JSON.stringify(manifest, null, 1)}\n`, { flush: true });
}

/** Throws StartProblem when the folder holds no backup that this version can read. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, fileName), "utf8").catch(() => null);
  if (text === null)
    throw new StartProblem(`${folder} holds no finished backup: there is no ${fileName} in it`);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new StartProblem(`${folder}/${fileName} is not a backup that this version can read`);
  }
}
