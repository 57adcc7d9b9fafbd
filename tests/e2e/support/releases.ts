import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readHubState } from "../../../lib/examples/hub/control";
import { exampleReleases, exampleRepositories } from "../../../lib/examples/releases/catalogue";
import { given } from "./peers";

export interface ServedRelease {
  /** "namespace/name" */
  readonly name: string;
  readonly commit: string;
  /** What is typed into a form. */
  readonly address: string;
}

interface ServeOptions {
  readonly private?: boolean;
  readonly gated?: boolean;
}

/** Serves a folder through the example Hub of the running instance. */
export async function serveFolder(
  name: string,
  folder: string,
  options: ServeOptions = {},
): Promise<ServedRelease> {
  const { commit } = (await control({ name, folder, ...options })) as { commit: string };
  return { name, commit, address: `hf:${name}@${commit}` };
}

/** Serves files given as texts, bytes or JSON values. */
export async function serveFiles(
  name: string,
  files: Readonly<Record<string, string | Uint8Array | object>>,
  options: ServeOptions = {},
): Promise<ServedRelease> {
  const folder = join(given("DATA"), "served", name);
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const bytes =
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content);
    await writeFile(target, bytes);
  }
  return serveFolder(name, folder, options);
}

export interface Pair {
  readonly original: ServedRelease;
  readonly suspect: ServedRelease;
}

/** An original and its renamed copy under names of their own: no other test has a case on them. */
export async function servePair(label: string): Promise<Pair> {
  const mark = randomBytes(3).toString("hex");
  const copy = (from: string, name: string) => {
    const repository = exampleRepositories().find((one) => one.name === from);
    const files = (repository?.files ?? []).map(({ path, bytes }) => [path, bytes ?? ""] as const);
    return serveFiles(name, {
      ...Object.fromEntries(files),
      "NOTE.md": `Served for a browser test: ${name}\n`,
    });
  };
  return {
    original: await copy(exampleReleases.original, `example-${label}-${mark}/heron`),
    suspect: await copy(exampleReleases.renamed, `example-fen-${mark}/${label}-osprey`),
  };
}

/** The control address of the example Hub: adds a repository. */
async function control(body: object): Promise<unknown> {
  const state = await readHubState(given("DATA"));
  if (!state) throw new Error("the instance has no example Hub");
  const response = await fetch(`${state.url}/__control/repositories`, {
    method: "POST",
    headers: { Authorization: `Bearer ${state.secret}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`example Hub: ${response.status} ${await response.text()}`);
  return response.json();
}
