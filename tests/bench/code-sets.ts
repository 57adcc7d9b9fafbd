/**
 * npm run bench:code-sets -- conplag|irplag|python FROM DIR: lays labelled pairs out for `npm run bench:code`.
 *
 * - conplag: FROM is the unpacked set of Slobodkin and Sadovnikov (Towards a Dataset of Programming Contest Plagiarism
 *   in Java, arXiv 2303.10763): versions/labels.csv and versions/version_1 (the raw programs). Groups are problems.
 * - irplag: FROM is the unpacked set of Karnalim et al. (IR-Plag-Dataset: case-0N/original, plagiarized,
 *   non-plagiarized). Each program is paired with its task's original. Groups are tasks.
 * - python: FROM is any folder of Python files. Of each one a copy is made with every identifier renamed that the file
 *   itself binds, top-level functions and classes in another order, remarks dropped and numbers replaced; the file is
 *   paired with its own copy (1) and with the copies of the next four files (0). Files that say that a program wrote
 *   them are left out: two outputs of one generator are no independent pair, whatever stands in them.
 *
 * Nothing of a set is part of this repository.
 */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { disguisedPython } from "./code-disguise";

const saysGenerated = /auto.?generated|generated (?:by|from|with)|do not edit/i;

const [set, from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  throw new Error("usage: npm run bench:code-sets -- conplag|irplag|python FROM DIR");
}
await mkdir(to, { recursive: true });
const rows =
  set === "conplag"
    ? await conplag(from, to)
    : set === "irplag"
      ? await irplag(from, to)
      : await python(from, to);
await writeFile(join(to, "pairs.csv"), `original,suspect,label,group\n${rows.join("\n")}\n`);
console.log(`${rows.length} pairs in ${to}`);

async function conplag(source: string, target: string): Promise<string[]> {
  const labels = await readFile(join(source, "versions/labels.csv"), "utf8");
  await cp(join(source, "versions/version_1"), join(target, "programs"), { recursive: true });
  return labels
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [one, other, problem, label] = line.split(",");
      const pair = `programs/${one}_${other}`;
      return `${pair}/${one}.java,${pair}/${other}.java,${label},${problem}`;
    });
}

async function irplag(source: string, target: string): Promise<string[]> {
  await cp(source, join(target, "programs"), { recursive: true });
  const paths = (await readdir(join(target, "programs"), { recursive: true })).filter((path) =>
    path.endsWith(".java"),
  );
  const result: string[] = [];
  for (const path of paths.sort()) {
    const task = path.split("/").find((part) => part.startsWith("case-")) ?? "";
    const kind = path.includes("/non-plagiarized/") ? "0" : path.includes("/plagiarized/") ? "1" : null;
    const original = paths.find((other) => other.includes(`${task}/original/`));
    if (kind !== null && original) result.push(`programs/${original},programs/${path},${kind},${task}`);
  }
  return result;
}

async function python(source: string, target: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of (await readdir(source)).filter((one) => one.endsWith(".py")).sort())
    if (!saysGenerated.test(await readFile(join(source, name), "utf8"))) names.push(name);
  const copies: string[] = [];
  await mkdir(join(target, "copies"), { recursive: true });
  await mkdir(join(target, "files"), { recursive: true });
  for (const [at, name] of names.entries()) {
    const text = await readFile(join(source, name), "utf8");
    const copy = join("copies", `${at}.py`);
    await writeFile(join(target, "files", basename(name)), text);
    await mkdir(dirname(join(target, copy)), { recursive: true });
    await writeFile(join(target, copy), await disguisedPython(text, at));
    copies.push(copy);
  }
  return names.flatMap((name, at) =>
    [0, 1, 2, 3, 4].map((step) => {
      const other = copies[(at + step) % copies.length];
      return `files/${name},${other},${step === 0 ? 1 : 0},${at}`;
    }),
  );
}
