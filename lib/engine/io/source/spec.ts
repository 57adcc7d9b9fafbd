import { EngineError } from "../../errors";
import type { SourceKind } from "./release";

/** A source as somebody named it, before its revision is resolved. */
export interface SourceSpec {
  readonly kind: SourceKind;
  /** "org/name", or the path of a folder or of a fingerprint. */
  readonly repository: string;
  /** Branch, tag or commit; null means the default branch. */
  readonly revision: string | null;
}

// The Hub's and GitHub's own rules, a little wider: letters, digits, "-", "_", "." without leading dot or "..".
const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}$/;
const shortForm = /^(hf|github):(.*)$/i;
const hubHosts = new Set(["huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com"]);
const githubHosts = new Set(["github.com", "www.github.com"]);
// First path segments of the Hub that are not organisations.
const hubPages = new Set(["datasets", "spaces", "models", "papers", "docs", "collections", "api", "blog"]);

/**
 * Reads "./dir", "fingerprint.json", "hf:org/name[@revision]", "github:org/name[@revision]" or the address of a page of
 * a Hub or GitHub repository. `hubOrigin` names a further host whose pages are Hub pages (the configured endpoint).
 * Throws EngineError "bad-input".
 */
export function parseSourceSpec(text: string, options: { readonly hubOrigin?: string } = {}): SourceSpec {
  const given = text.trim();
  if (given === "" || given.length > 2048 || hasControlCharacter(given)) throw unusable(given);
  if (isFingerprint(given)) return { kind: "fingerprint", repository: given, revision: null };
  if (isFolder(given)) return { kind: "folder", repository: given, revision: null };
  const short = shortForm.exec(given);
  if (short) return parseShort(given, short[1]?.toLowerCase() === "hf" ? "hf" : "github", short[2] ?? "");
  if (/^https?:\/\//i.test(given)) return parsePage(given, options.hubOrigin);
  throw unusable(given);
}

/** A place that everybody can reach. Folders and files are of the machine that reads: a server must refuse them. */
export function isRemote(spec: SourceSpec): spec is SourceSpec & { readonly kind: "hf" | "github" } {
  return spec.kind === "hf" || spec.kind === "github";
}

/** The short form, for printing: "hf:org/name@revision". */
export function formatSourceSpec(spec: SourceSpec): string {
  if (spec.kind === "folder" || spec.kind === "fingerprint") return spec.repository;
  return `${spec.kind}:${spec.repository}${spec.revision === null ? "" : `@${spec.revision}`}`;
}

function isFolder(text: string): boolean {
  return text === "." || text === ".." || /^\.{0,2}[\\/]/.test(text) || /^[A-Za-z]:[\\/]/.test(text);
}

/** A file of this machine whose name ends in ".json"; no release is named so. */
function isFingerprint(text: string): boolean {
  return /\.json$/i.test(text) && !shortForm.test(text) && !/^https?:\/\//i.test(text);
}

function parseShort(given: string, kind: "hf" | "github", rest: string): SourceSpec {
  const at = rest.indexOf("@");
  const repository = at === -1 ? rest : rest.slice(0, at);
  const revision = at === -1 ? null : rest.slice(at + 1);
  return checked(given, kind, repository, revision);
}

function parsePage(given: string, hubOrigin: string | undefined): SourceSpec {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw unusable(given);
  }
  if (url.username !== "" || url.password !== "") throw unusable(given);
  let parts: string[];
  try {
    parts = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    throw unusable(given);
  }
  const isHub = hubHosts.has(url.hostname) || (hubOrigin !== undefined && url.origin === originOf(hubOrigin));
  const [owner = "", name = "", page, ...rest] = parts;
  if (isHub) {
    if (hubPages.has(owner)) throw unusable(given);
    // Only the first segment after tree/blob/resolve is the revision: the Hub writes "refs/pr/1" as refs%2Fpr%2F1.
    const revision =
      page !== undefined && /^(tree|blob|resolve|raw|commit)$/.test(page) ? (rest[0] ?? null) : null;
    return checked(given, "hf", `${owner}/${name}`, revision);
  }
  if (githubHosts.has(url.hostname)) {
    const revision =
      page !== undefined && /^(tree|blob|raw|commit)$/.test(page)
        ? (rest[0] ?? null)
        : page === "releases" && rest[0] === "tag"
          ? (rest[1] ?? null)
          : null;
    return checked(given, "github", `${owner}/${name.replace(/\.git$/, "")}`, revision);
  }
  throw unusable(given);
}

function checked(
  given: string,
  kind: "hf" | "github",
  repository: string,
  revision: string | null,
): SourceSpec {
  const parts = repository.split("/");
  const ok = parts.length === 2 && parts.every((part) => segment.test(part) && !part.includes(".."));
  if (!ok || (revision !== null && !isRevision(revision))) throw unusable(given);
  return { kind, repository, revision };
}

// git-check-ref-format, as far as it matters in an address.
function isRevision(revision: string): boolean {
  return (
    /^[A-Za-z0-9_][A-Za-z0-9._/+-]{0,254}$/.test(revision) &&
    !revision.includes("..") &&
    !revision.includes("//") &&
    !/[./]$/.test(revision)
  );
}

function originOf(endpoint: string): string | null {
  try {
    return new URL(endpoint).origin;
  } catch {
    return null;
  }
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) if (character < " " || character === "\u007f") return true;
  return false;
}

function unusable(given: string): EngineError {
  return new EngineError(
    "bad-input",
    "Not a source: expected ./folder, fingerprint.json, hf:org/name[@revision], github:org/name[@revision] or the address of a repository",
    { given: given.slice(0, 200) },
  );
}
