import { fingerprintTable } from "../../fingerprint/fingerprint-table";
import { makeFullFingerprint } from "../../fingerprint/make-full";
import { makeLightFingerprint } from "../../fingerprint/make-light";
import { type Fingerprint, type FullFingerprint, fullSchemaName } from "../../fingerprint/schema";
import { fingerprintOf } from "../../fingerprint/source";
import type { ReleaseReader } from "../../io/source/release";
import { openWeights } from "../../weights/open-weights";
import type { ReleaseWeights } from "../../weights/release-weights";
import { contentDigest } from "../../weights/sample-seed";
import type { MethodInput } from "../method";
import type { FingerprintStatistics } from "./schema";

/** One release or fingerprint of a comparison, with whatever can be known of it at this level. */
export interface Side {
  readonly about: FingerprintStatistics["sides"]["original"];
  /** The fingerprint that was given, else the light one of the release. */
  readonly known: Fingerprint;
  readonly full: FullFingerprint | null;
  /** Names, places and shapes; `read` gives null for a fingerprint. */
  readonly table: ReleaseWeights;
  /** The weights themselves, where there are any. */
  readonly live: ReleaseWeights | null;
  readonly content: string;
}

/**
 * Null for a release whose weights cannot be opened. `whole`: at level 3 every byte of a release is read for its full
 * fingerprint, as the other side's can only be held against that.
 */
export async function sideOf(
  input: MethodInput,
  reader: ReleaseReader,
  { whole }: { readonly whole: boolean },
): Promise<Side | null> {
  const { signal } = input;
  const content = contentDigest(reader.release);
  const given = await fingerprintOf(reader, signal);
  if (given !== null) {
    const full = given.schema === fullSchemaName ? given : null;
    const about = {
      kind: full ? ("full" as const) : ("light" as const),
      digest: given.digest,
      signedBy: given.signature?.keyId ?? null,
      computed: false,
    };
    return { about, known: given, full, table: fingerprintTable(given), live: null, content };
  }
  const live = await openWeights(reader, signal);
  if (live === null || live.tensors.size === 0) return null;
  if (input.parameters.level === 3 && whole) {
    const full = await input.shared(`fingerprint-full ${content}`, () =>
      makeFullFingerprint(reader, live, {
        ...(signal ? { signal } : {}),
        ...(input.leafStore ? { store: input.leafStore } : {}),
      }),
    );
    const about = { kind: "release" as const, digest: null, signedBy: null, computed: true };
    return { about, known: full, full, table: live, live, content };
  }
  const light = await input.shared(`fingerprint-light ${content}`, () =>
    makeLightFingerprint(reader, live, signal ? { signal } : {}),
  );
  const about = { kind: "release" as const, digest: null, signedBy: null, computed: false };
  return { about, known: light, full: null, table: live, live, content };
}

/** What statistics say of a side that could not be read at all. */
export const unreadable = { kind: "unreadable", digest: null, signedBy: null, computed: false } as const;
