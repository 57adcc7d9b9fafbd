import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { folderNamespace } from "@/lib/engine/io/source/published-name";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import type { HubState } from "../hub/control";

/** A folder as the example Hub serves it now. */
export interface ServedFolder {
  readonly name: string;
  readonly commit: string;
}

/** The control address of a running example Hub. */
export function hubClient(state: HubState) {
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${state.url}/__control/repositories${path}`, {
      method,
      headers: { Authorization: `Bearer ${state.secret}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new StartProblem(`the example Hub at ${state.url} does not answer: is npm start running?`);
    });
    const answer = (await response.json()) as unknown;
    if (!response.ok) throw new StartProblem((answer as { error: string }).error);
    return answer;
  };
  return {
    serve: async (folder: string): Promise<ServedFolder> =>
      (await ask("POST", "", { name: await nameOf(folder), folder })) as ServedFolder,
    delete: async (name: string): Promise<void> => {
      await ask("DELETE", `/${name}`);
    },
    names: async (): Promise<string[]> => (await ask("GET", "")) as string[],
  };
}

/**
 * The name a recorded listing states; else one in the reserved namespace from the folder's own path. Different folders
 * never share a name.
 */
export async function nameOf(folder: string): Promise<string> {
  const listing = await readFile(join(folder, "tree.json"), "utf8")
    .then((text) => JSON.parse(text) as { repository?: unknown } | null)
    .catch(() => null);
  const stated = listing?.repository;
  if (typeof stated === "string" && /^[\w.-]+\/[\w.-]+$/.test(stated)) return stated;
  const words = `${basename(dirname(folder))}-${basename(folder)}`
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const mark = createHash("sha256").update(folder).digest("hex").slice(0, 6);
  return `${folderNamespace}/${words.slice(-60) || "folder"}-${mark}`;
}
