import { EngineError } from "../../errors";
import { openFingerprintRelease } from "./fingerprint/open-fingerprint-release";
import { openFolderRelease } from "./folder/open-folder-release";
import { openGithubRelease } from "./github/open-github-release";
import { openHubRelease } from "./hub/open-hub-release";
import type { ReleaseReader } from "./release";
import type { SourceIo } from "./source-io";
import { formatSourceSpec, parseSourceSpec, type SourceSpec } from "./spec";

/** Resolves a source to one full commit and lists its files; nothing of their content is read yet. */
export async function openRelease(spec: SourceSpec, io: SourceIo): Promise<ReleaseReader> {
  switch (spec.kind) {
    case "hf":
      return openHubRelease(checked(spec), io);
    case "github":
      return openGithubRelease(checked(spec), io);
    case "folder":
      return openFolderRelease(spec, io);
    case "fingerprint":
      return openFingerprintRelease(spec, io);
  }
}

// A spec may have been built elsewhere (a form, a job): its parts go into addresses, so they are judged again here.
function checked(spec: SourceSpec): SourceSpec {
  const again = parseSourceSpec(formatSourceSpec(spec));
  if (again.kind !== spec.kind) throw new EngineError("bad-input", "Not a source", {});
  return again;
}
