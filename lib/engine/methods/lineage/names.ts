/** "org/name" in lower case from what a card may write: the name itself, a page address, a revision behind it. */
export function repositoryName(written: string): string {
  return written
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/[^/]+\//, "")
    .replace(/^(?:hf|models?)[:/]/, "")
    .replace(/[@#?].*$/, "")
    .split("/")
    .slice(0, 2)
    .join("/");
}

/** How a text names a repository: its full name, or its own name where that is long enough to mean something. */
export function mentionOf(text: string, repository: string): "repository" | "name" | null {
  const full = repository.toLowerCase();
  const name = full.slice(full.indexOf("/") + 1);
  const searched = text.toLowerCase();
  if (occurs(searched, full)) return "repository";
  return name.length >= 6 && /[0-9-]/.test(name) && occurs(searched, name) ? "name" : null;
}

/** The needle as a word of its own: no letter, digit, "-" or "_" touches it, and no "." that goes on. */
function occurs(text: string, needle: string): boolean {
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text.slice(at + needle.length, at + needle.length + 2);
    if (!/[\p{L}\p{N}_-]/u.test(before) && !/^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u.test(after)) return true;
  }
  return false;
}
