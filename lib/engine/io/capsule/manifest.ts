import { z } from "zod";
import { canonicalJson } from "../../formats/canonical-json";
import {
  compareParametersSchema,
  inputReleaseSchema,
  listedFileSchema,
  recordedFullReadSchema,
  recordedRangeSchema,
} from "../../result/document";
import { compareRanges, type RecordedRange, type ReleaseRole } from "../record-reads";
import { checkListing } from "../source/listing";

export const capsuleSchemaName = "slipmark.capsule/v1";
export const manifestName = "capsule.json";
export const blobFolder = "blobs/sha256/";

const role = z.enum(["original", "suspect", "ancestor", "control"]);

export const capsuleManifestSchema = z.strictObject({
  schema: z.literal(capsuleSchemaName),
  releases: z.array(
    z.strictObject({
      role,
      position: z.int().min(0),
      kind: inputReleaseSchema.shape.kind,
      repository: z.string().nullable(),
      commit: inputReleaseSchema.shape.commit,
      files: z.array(listedFileSchema),
    }),
  ),
  ranges: z.array(recordedRangeSchema),
  /** Files that the run read whole, and whose bytes are therefore not here. */
  fullReads: z.array(recordedFullReadSchema).optional(),
  parameters: compareParametersSchema,
});

export type CapsuleManifest = z.infer<typeof capsuleManifestSchema>;
type CapsuleRelease = CapsuleManifest["releases"][number];

const roleOrder: readonly ReleaseRole[] = ["original", "suspect", "ancestor", "control"];

/** Reads and judges capsule.json. Throws Error with what is wrong; the caller says that it is a capsule. */
export function parseManifest(bytes: Uint8Array, maxFiles: number): CapsuleManifest {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const value: unknown = JSON.parse(text);
  const parsed = capsuleManifestSchema.safeParse(value);
  if (!parsed.success)
    throw new Error(`${manifestName}: ${parsed.error.issues[0]?.path.join(".") ?? "shape"}`);
  // Canonical text has each key once and one way to write a number: nothing can hide in it.
  if (canonicalJson(parsed.data) !== text) throw new Error(`${manifestName} is not canonical`);
  checkPlaces(parsed.data.releases);
  for (const release of parsed.data.releases) {
    const sorted = checkListing(release.files, maxFiles);
    if (sorted.some((file, index) => file.path !== release.files[index]?.path))
      throw new Error("files unsorted");
  }
  checkRanges(parsed.data);
  return parsed.data;
}

function checkPlaces(releases: readonly CapsuleRelease[]): void {
  const places = releases.map((release) => `${release.role} ${release.position}`);
  const expected = roleOrder.flatMap((one) => {
    const count = releases.filter((release) => release.role === one).length;
    return Array.from({ length: count }, (_, position) => `${one} ${position}`);
  });
  const single = ["original", "suspect"].every(
    (one) => releases.filter((release) => release.role === one).length === 1,
  );
  if (!single || places.join() !== expected.join()) throw new Error("releases out of place");
}

function checkRanges(manifest: CapsuleManifest): void {
  const sizes = new Map<string, number | null>();
  for (const release of manifest.releases) {
    for (const file of release.files)
      sizes.set(`${release.role} ${release.position} ${file.path}`, file.size);
  }
  manifest.ranges.forEach((range: RecordedRange, index) => {
    const size = sizes.get(`${range.role} ${range.position} ${range.path}`);
    if (size === undefined) throw new Error("a range of a file that is not listed");
    if (range.end < range.start || (size !== null && range.end > size))
      throw new Error("a range outside of its file");
    const before = manifest.ranges[index - 1];
    if (before && compareRanges(before, range) >= 0) throw new Error("ranges unsorted");
  });
}
