import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Where Debian's golang-*-dev packages put sources. */
export const debianGoPath = "/usr/share/gocode";

/** What is missing for building against Go's own transparency log packages; null when nothing is. */
export function missingGo(): string | null {
  if (spawnSync("go", ["version"]).status !== 0) return "no `go` command (package golang-go)";
  for (const name of ["note", "tlog"])
    if (!existsSync(`${debianGoPath}/src/golang.org/x/mod/sumdb/${name}`))
      return `no golang.org/x/mod/sumdb/${name} in ${debianGoPath} (package golang-golang-x-mod-dev)`;
  return null;
}
