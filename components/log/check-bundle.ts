import type { LogErrorCode } from "@/lib/engine/log";
import { linesOf, liveCheck, namedKeys } from "./live-check";

export type Trouble = "notZip" | "tooLarge" | "notFound" | "offline" | "nothing" | "badKey" | "otherKey";

export interface CheckStep {
  readonly id: string;
  readonly ok: boolean;
  /** Facts; of a step that fails the checker's English sentence. */
  readonly detail: string;
  /** Why it fails; null where it holds. */
  readonly code: LogErrorCode | null;
}

export type Checked =
  | { readonly outcome: "trouble"; readonly trouble: Trouble }
  | {
      readonly outcome: "checked";
      readonly good: boolean;
      /** Whose key the proof was held against. */
      readonly trusted: "given" | "site" | "file";
      /** Keys of the log that signed its checkpoint. */
      readonly keys: readonly string[];
      readonly steps: readonly CheckStep[];
    };

const largest = 64 * 1024 * 1024;

interface Asked {
  readonly file: File | null;
  readonly entry: string;
  /** Keys that the reader has typed; empty for none. */
  readonly key: string;
  /** All keys that this log has had. */
  readonly siteKeys: readonly string[];
}

/**
 * Reads a bundle, from the file or from this log, and checks all of it here. A log may have changed its key since the
 * checkpoint of a proof was signed: every key that it has had counts, and the log as it is now has to begin with it.
 */
export async function checkBundle({ file, entry, key, siteKeys }: Asked): Promise<Checked> {
  const bytes = await bytesOf(file, entry.trim());
  if (typeof bytes === "string") return { outcome: "trouble", trouble: bytes };
  const files = await unpacked(bytes);
  if (files === null) return { outcome: "trouble", trouble: "notZip" };
  const given = key.split(/\s+/).filter((one) => one !== "");
  const ours = await namedKeys(siteKeys);
  const trusted = given.length > 0 ? "given" : file === null && ours.length > 0 ? "site" : "file";
  const keys = { given, site: ours, file: linesOf(files.get("log.vkey")) }[trusted];
  const { verifyBundle, parseVerifierKey, keysThatSigned } = await import("@/lib/engine/log");
  if (trusted === "given")
    try {
      given.forEach(parseVerifierKey);
    } catch {
      return { outcome: "trouble", trouble: "badKey" };
    }
  const verify = (logKeys: readonly string[] | null): readonly CheckStep[] =>
    verifyBundle(files, { logKeys, witnessKeys: null });
  const proof = files.get("entry.tlog-proof") ?? new Uint8Array();
  const isOurs = (one: string) => ours.includes(one);
  let steps = verify(trusted === "file" ? null : keys);
  let signedBy = keys;
  if (trusted === "given" && signedByOther(steps) && given.some(isOurs)) {
    // Signed by an earlier or a later key than the one given, which then has to vouch for it by the log as it is now.
    steps = verify(ours);
    signedBy = ours;
    if (holds(steps)) {
      const live = await liveCheck(proof, { older: ours, newest: async () => given });
      if (live === null || live.code === "unknown-key") return { outcome: "trouble", trouble: "otherKey" };
      steps = [...steps, live];
    }
  } else if (holds(steps) && keys.some(isOurs)) {
    // Only this log can be compared with: the page asks no other site.
    const live = await liveCheck(proof, { older: keys, newest: () => namedKeys(ours) });
    if (live !== null) steps = [...steps, live];
  }
  return { outcome: "checked", good: holds(steps), trusted, keys: keysThatSigned(proof, signedBy), steps };
}

const holds = (steps: readonly CheckStep[]): boolean => steps.every((step) => step.ok);

/** All holds up to the checkpoint, which is signed by none of the trusted keys. */
function signedByOther(steps: readonly CheckStep[]): boolean {
  const last = steps.at(-1);
  return last?.id === "checkpoint" && last.code === "unknown-key";
}

async function bytesOf(file: File | null, entry: string): Promise<Uint8Array | Trouble> {
  if (file !== null) {
    if (file.size > largest) return "tooLarge";
    return new Uint8Array(await file.arrayBuffer());
  }
  if (!/^\d{1,15}$/.test(entry)) return "nothing";
  try {
    const answer = await fetch(`/api/v1/entries/${Number(entry)}/bundle.zip`);
    if (answer.status === 404) return "notFound";
    if (!answer.ok) return "offline";
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    return "offline";
  }
}

/** The files of a zip by name. What a small file claims to unpack to is bounded before it is unpacked. */
async function unpacked(bytes: Uint8Array): Promise<Map<string, Uint8Array> | null> {
  const { unzipSync } = await import("fflate");
  let room = largest;
  try {
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        room -= originalSize;
        if (room < 0) throw new RangeError("too large");
        return true;
      },
    });
    const found = new Map(Object.entries(files).filter(([name]) => !name.endsWith("/")));
    return found.has("leaf.json") || found.has("entry.tlog-proof") ? found : null;
  } catch {
    return null;
  }
}
