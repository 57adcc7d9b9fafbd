import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";

// Read from disk at run time (next.config.js lists the folder for tracing), so that both stay files that can be run
// and read as they are.
const read = (name: string) => readFileSync(join(process.cwd(), "lib/ledger/show", name), "utf8");
let texts: { readonly readme: string; readonly verify: string; readonly verifySha256: string } | undefined;

/** README.txt and verify.py, which knows the hash of the former; the same in every bundle. */
export function bundleTexts() {
  if (texts === undefined) {
    const readme = read("bundle-readme.txt");
    const verify = read("verify.py").replace("@README_SHA256@", sha256Hex(readme));
    texts = { readme, verify, verifySha256: sha256Hex(verify) };
  }
  return texts;
}
