import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import type { HubRepository, ListedHubFile } from "./repository";
import { refusals, sendJson } from "./respond";

/** A repository as the server keeps it: its listing worked out once. */
export interface ServedRepository {
  readonly repository: HubRepository;
  readonly files: readonly ListedHubFile[];
}

function cardData(served: ServedRepository): unknown {
  const card = served.files.find((file) => file.path === "README.md")?.source;
  if (!card || !("bytes" in card)) return {};
  const match = /^---\r?\n([\s\S]*?)\r?\n---/.exec(Buffer.from(card.bytes).toString("utf8"));
  try {
    return match?.[1] ? (parse(match[1]) ?? {}) : {};
  } catch {
    return {};
  }
}

/** GET /api/models/{id} and /api/models/{id}/revision/{rev}. With `expand`, only the fields asked for. */
export function sendModelInfo(
  response: ServerResponse,
  served: ServedRepository,
  query: URLSearchParams,
): void {
  const { repository, files } = served;
  const [author] = repository.name.split("/");
  const blobs = query.get("blobs") === "true" || query.get("blobs") === "1";
  const info: Record<string, unknown> = {
    _id: repository.commit.slice(0, 24),
    id: repository.name,
    modelId: repository.name,
    author,
    sha: repository.commit,
    lastModified: repository.lastModified,
    createdAt: repository.createdAt ?? repository.lastModified,
    private: repository.private ?? false,
    gated: repository.gated ?? false,
    disabled: false,
    downloads: repository.downloads,
    likes: repository.likes,
    tags: [],
    cardData: cardData(served),
    siblings: files.map((file) => ({
      rfilename: file.path,
      ...(blobs
        ? {
            size: file.size,
            blobId: file.oid,
            ...(file.lfs
              ? { lfs: { sha256: file.lfs.oid, size: file.lfs.size, pointerSize: file.lfs.pointerSize } }
              : {}),
          }
        : {}),
    })),
  };
  const wanted = [...query.getAll("expand"), ...query.getAll("expand[]")];
  const kept = wanted.length === 0 ? null : new Set(["_id", "id", ...wanted]);
  sendJson(response, Object.fromEntries(Object.entries(info).filter(([key]) => !kept || kept.has(key))));
}

function entry(file: ListedHubFile, repository: HubRepository, expand: boolean): unknown {
  return {
    type: "file",
    oid: file.oid,
    size: file.size,
    path: file.path,
    ...(file.lfs ? { lfs: file.lfs } : {}),
    ...(expand ? { lastCommit: lastCommit(repository), securityFileStatus: { status: "safe" } } : {}),
  };
}

const lastCommit = (repository: HubRepository) => ({
  id: repository.commit,
  title: repository.commitTitle ?? "Upload folder",
  date: repository.lastModified,
});

interface TreeRequest {
  readonly origin: string;
  readonly path: string;
  readonly revision: string;
  readonly query: URLSearchParams;
  readonly pageSize: number;
}

/** GET /api/models/{id}/tree/{rev}/{path}: files and folders, in pages linked by the Link header. */
export function sendTree(response: ServerResponse, served: ServedRepository, request: TreeRequest): void {
  const { repository } = served;
  const flag = (name: string) => ["true", "1"].includes(request.query.get(name) ?? "");
  const recursive = flag("recursive");
  const expand = flag("expand");
  const prefix = request.path === "" ? "" : `${request.path}/`;
  const inside = served.files.filter((file) => file.path.startsWith(prefix));
  if (inside.length === 0 && prefix !== "") throw refusals.unknownEntry(request.path, request.revision);
  const entries: unknown[] = [];
  const folders = new Set<string>();
  for (const file of inside) {
    const parts = file.path.slice(prefix.length).split("/");
    for (let depth = 1; depth < (recursive ? parts.length : Math.min(parts.length, 2)); depth += 1) {
      const folder = prefix + parts.slice(0, depth).join("/");
      if (folders.has(folder)) continue;
      folders.add(folder);
      entries.push({ type: "directory", oid: repository.commit, size: 0, path: folder });
    }
    if (recursive || parts.length === 1) entries.push(entry(file, repository, expand));
  }
  const size = Math.min(
    Number(request.query.get("limit") ?? request.pageSize) || request.pageSize,
    request.pageSize,
  );
  const start = Number(Buffer.from(request.query.get("cursor") ?? "", "base64url").toString() || "0");
  const next = start + size;
  const headers: Record<string, string> = { "X-Repo-Commit": repository.commit };
  if (next < entries.length) {
    const query = new URLSearchParams(request.query);
    query.set("cursor", Buffer.from(String(next)).toString("base64url"));
    const path = `/api/models/${repository.name}/tree/${encodeURIComponent(request.revision)}${request.path ? `/${encodePath(request.path)}` : ""}`;
    headers.Link = `<${request.origin}${path}?${query}>; rel="next"`;
  }
  sendJson(response, entries.slice(start, next), headers);
}

/** POST /api/models/{id}/paths-info/{rev}: paths that do not exist are left out. */
export async function sendPathsInfo(
  request: IncomingMessage,
  response: ServerResponse,
  served: ServedRepository,
): Promise<void> {
  const body = await text(request);
  let paths: string[];
  let expand: boolean;
  if ((request.headers["content-type"] ?? "").includes("json")) {
    const json = JSON.parse(body) as { paths?: string[] | string; expand?: boolean };
    paths = [json.paths ?? []].flat();
    expand = json.expand === true;
  } else {
    const form = new URLSearchParams(body);
    paths = form.getAll("paths");
    expand = (form.get("expand") ?? "").toLowerCase() === "true";
  }
  const wanted = new Set(paths.map((path) => path.replace(/\/$/, "")));
  const folders = [...wanted].filter((path) => served.files.some((file) => file.path.startsWith(`${path}/`)));
  sendJson(response, [
    ...folders.map((path) => ({ type: "directory", oid: served.repository.commit, size: 0, path })),
    ...served.files
      .filter((file) => wanted.has(file.path))
      .map((file) => entry(file, served.repository, expand)),
  ]);
}

/** GET /api/models/{id}/commits/{rev}: the one commit this Hub keeps. */
export function sendCommits(response: ServerResponse, { repository }: ServedRepository): void {
  const [author] = repository.name.split("/");
  sendJson(
    response,
    [
      {
        id: repository.commit,
        title: repository.commitTitle ?? "Upload folder",
        message: "",
        authors: [{ user: author, avatar: "" }],
        date: repository.lastModified,
      },
    ],
    { "X-Total-Count": "1" },
  );
}

export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
