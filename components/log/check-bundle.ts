import type { LogErrorCode } from "@/lib/engine/log";
import { liveCheck } from "./live-check";

export type Trouble = "notZip" | "tooLarge" | "notFound" | "offline" | "nothing" | "badKey";

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
      readonly key: string | null;
      readonly steps: readonly CheckStep[];
    };

const largest = 64 * 1024 * 1024;

interface Asked {
  readonly file: File | null;
  readonly entry: string;
  /** A key that the reader has typed; empty for none. */
  readonly key: string;
  readonly siteKey: string | null;
}

/** Reads a bundle, from the file or from this log, and checks all of it here. */
export async function checkBundle({ file, entry, key, siteKey }: Asked): Promise<Checked> {
  const bytes = await bytesOf(file, entry.trim());
  if (typeof bytes === "string") return { outcome: "trouble", trouble: bytes };
  const files = await unpacked(bytes);
  if (files === null) return { outcome: "trouble", trouble: "notZip" };
  const given = key.trim();
  const trusted = given !== "" ? "given" : file === null && siteKey !== null ? "site" : "file";
  const own = new TextDecoder().decode(files.get("log.vkey")).trim();
  const vkey = { given, site: siteKey ?? own, file: own }[trusted];
  const { verifyBundle, parseVerifierKey } = await import("@/lib/engine/log");
  if (trusted === "given")
    try {
      parseVerifierKey(vkey);
    } catch {
      return { outcome: "trouble", trouble: "badKey" };
    }
  const steps: CheckStep[] = [
    ...verifyBundle(files, { logKeys: trusted === "file" ? null : [vkey], witnessKeys: null }),
  ];
  // Only this log can be compared with: the page asks no other site.
  if (steps.every((step) => step.ok) && vkey === siteKey) {
    const live = await liveCheck(files.get("entry.tlog-proof") ?? new Uint8Array(), vkey);
    if (live !== null) steps.push(live);
  }
  return { outcome: "checked", good: steps.every((step) => step.ok), trusted, key: vkey, steps };
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
