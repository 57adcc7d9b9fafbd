import { folderNamespace } from "@/lib/engine/io/source/published-name";

/** Namespaces that only the loopback Hub serves: elsewhere their names are nobody's, or somebody else's. */
const namespaces: ReadonlySet<string> = new Set([
  "example-meridian",
  "example-tidewater",
  "example-quay",
  folderNamespace,
]);

export function isServedHereOnly(repository: string): boolean {
  return namespaces.has(repository.split("/", 1)[0] ?? "");
}
