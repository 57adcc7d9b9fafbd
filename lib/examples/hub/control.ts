import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { repositoryFromAnyFolder } from "./folders";
import { HubRefusal, sendJson } from "./respond";
import type { Hub } from "./start-hub";

/** Where a running example Hub is, and what its control address asks for. Readable by its owner only. */
export const hubStateSchema = z.object({
  url: z.url(),
  pid: z.int(),
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});
export type HubState = z.infer<typeof hubStateSchema>;

export const hubStateFile = (dataFolder: string) => join(dataFolder, "run", "example-hub.json");

/** Who may read a repository: everybody, unless it is served as private or as one that asks for consent. */
const accessFields = { private: z.boolean().optional(), gated: z.boolean().optional() };
const factsOf = (asked: {
  readonly private?: boolean | undefined;
  readonly gated?: boolean | undefined;
}) => ({
  private: asked.private === true,
  gated: asked.gated === true ? ("manual" as const) : (false as const),
});

/** What was added to or deleted from the Hub at run time: it survives a restart. */
const changesSchema = z.object({
  added: z.array(z.object({ name: z.string(), folder: z.string(), ...accessFields })).default([]),
  deleted: z.array(z.string()).default([]),
});
type Changes = z.infer<typeof changesSchema>;

const changesFile = (dataFolder: string) => join(dataFolder, "examples", "hub-changes.json");

const addSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/),
  folder: z.string().min(1),
  ...accessFields,
});

export async function readHubState(dataFolder: string): Promise<HubState | null> {
  try {
    return hubStateSchema.parse(JSON.parse(await readFile(hubStateFile(dataFolder), "utf8")));
  } catch {
    return null;
  }
}

export async function writePrivately(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** Applies what earlier runs changed; a folder that is gone meanwhile is left out and told. */
export async function restoreChanges(
  hub: Hub,
  dataFolder: string,
  tell: (line: string) => void,
): Promise<Changes> {
  let changes: Changes = { added: [], deleted: [] };
  try {
    changes = changesSchema.parse(JSON.parse(await readFile(changesFile(dataFolder), "utf8")));
  } catch {
    return changes;
  }
  for (const { name, folder, ...access } of changes.added) {
    try {
      hub.addRepository(await repositoryFromAnyFolder(folder, name, factsOf(access)));
    } catch {
      tell(`example hub: ${folder} cannot be read, ${name} is not served`);
    }
  }
  for (const name of changes.deleted) hub.deleteRepository(name);
  return changes;
}

/**
 * The control address of the example Hub: GET, POST /__control/repositories and DELETE /__control/repositories/{name},
 * for whoever can read the secret in the data folder.
 */
export function createControl(dataFolder: string, changes: Changes) {
  const secret = randomBytes(32).toString("hex");
  let { added, deleted } = changes;
  const save = () => writePrivately(changesFile(dataFolder), { added, deleted });

  async function handle(request: IncomingMessage, response: ServerResponse, hub: Hub): Promise<boolean> {
    const { pathname } = new URL(request.url ?? "/", hub.url);
    if (!pathname.startsWith("/__control/")) return false;
    if (!carries(request, secret)) throw new HubRefusal(401, null, "The secret of the data folder is needed");
    const [, , collection, ...rest] = pathname.split("/").map(decodeURIComponent);
    if (collection !== "repositories") throw new HubRefusal(404, null, "Not found");
    if (request.method === "GET" && rest.length === 0) sendJson(response, hub.repositoryNames());
    else if (request.method === "POST" && rest.length === 0) {
      const asked = addSchema.safeParse(JSON.parse((await text(request)) || "null"));
      if (!asked.success) throw new HubRefusal(400, null, "name (namespace/name) and folder are needed");
      const { name, folder, ...access } = asked.data;
      const repository = await repositoryFromAnyFolder(folder, name, factsOf(access)).catch(
        (error: Error) => {
          throw new HubRefusal(400, null, `${folder} cannot be served: ${error.message}`);
        },
      );
      hub.addRepository(repository);
      added = [...added.filter((one) => one.name !== name), { name, folder, ...access }];
      deleted = deleted.filter((one) => one !== name);
      await save();
      sendJson(response, { name, commit: repository.commit, files: repository.files.length }, {}, 201);
    } else if (request.method === "DELETE" && rest.length === 2) {
      const name = rest.join("/");
      if (!hub.deleteRepository(name)) throw new HubRefusal(404, "RepoNotFound", "Repository not found");
      deleted = [...new Set([...deleted, name])];
      await save();
      sendJson(response, { deleted: name });
    } else throw new HubRefusal(405, null, "Method not allowed");
    return true;
  }
  return { secret, handle };
}

function carries(request: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${secret}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
