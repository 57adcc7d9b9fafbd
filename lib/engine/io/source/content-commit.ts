import { createHash } from "node:crypto";

/**
 * The pin of a release that has no commit of its own, such as a plain folder: the id of the Git tree with these files
 * (every file mode 100644). 40 hex digits, the same wherever the same files lie; in a folder without executable
 * files it is what `git add -A && git write-tree` prints. Null when a blob id is missing.
 *
 * Source: Git's object format, gitformat-pack(5) and the tree entry order of base_name_compare.
 */
export function contentCommit(
  files: readonly { readonly path: string; readonly gitOid: string | null }[],
): string | null {
  if (files.some((file) => file.gitOid === null)) return null;
  return treeId(files.map((file) => ({ parts: file.path.split("/"), oid: file.gitOid ?? "" })));
}

interface Leaf {
  readonly parts: readonly string[];
  readonly oid: string;
}

function treeId(leaves: readonly Leaf[]): string {
  const folders = new Map<string, Leaf[]>();
  const entries: { name: string; key: Buffer; mode: string; oid: string }[] = [];
  for (const { parts, oid } of leaves) {
    const [name = "", ...rest] = parts;
    if (rest.length === 0) entries.push({ name, key: Buffer.from(name), mode: "100644", oid });
    else {
      const inside = folders.get(name);
      if (inside) inside.push({ parts: rest, oid });
      else folders.set(name, [{ parts: rest, oid }]);
    }
  }
  for (const [name, inside] of folders)
    entries.push({ name, key: Buffer.from(`${name}/`), mode: "40000", oid: treeId(inside) });
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  const body = Buffer.concat(
    entries.flatMap(({ name, mode, oid }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]),
  );
  return createHash("sha1").update(`tree ${body.length}\0`).update(body).digest("hex");
}
