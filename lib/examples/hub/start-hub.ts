import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ServedRepository, sendCommits, sendModelInfo, sendPathsInfo, sendTree } from "./api-routes";
import { sendRepositoryPage } from "./page";
import { createLimiter, type HubRateLimit } from "./rate-limit";
import { byPath, type HubRepository, listedFile } from "./repository";
import { createSigner, resolveFile, sendCached, sendFromCdn } from "./resolve-routes";
import { HubRefusal, refusals, sendRefusal } from "./respond";
import { createUpstream } from "./upstream";

export type { HubRepository } from "./repository";

export interface HubOptions {
  readonly repositories?: readonly HubRepository[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly rateLimit?: HubRateLimit | null;
  /** Tokens that may read private and gated repositories. */
  readonly tokens?: readonly string[];
  /** Life of a signed content address. */
  readonly linkSeconds?: number;
  /** Entries on one page of a tree listing. */
  readonly pageSize?: number;
  /** Serve LFS content from a second port, as the real Hub serves it from another host. */
  readonly separateCdn?: boolean;
  /** Names this Hub does not know are sent there (307), as a mirror does, while it answers. */
  readonly upstream?: string | null;
  readonly now?: () => number;
  /** Asked first; true = it answered. */
  readonly handle?: (request: IncomingMessage, response: ServerResponse, hub: Hub) => Promise<boolean>;
}

export interface Hub {
  /** "http://127.0.0.1:PORT": the value for HF_ENDPOINT. */
  readonly url: string;
  /** "METHOD path" of every request answered so far. */
  readonly requests: readonly string[];
  addRepository(repository: HubRepository): void;
  /** False when there is none of that name. Afterwards the name answers 404. */
  deleteRepository(name: string): boolean;
  repositoryNames(): string[];
  setRateLimit(limit: HubRateLimit | null): void;
  close(): Promise<void>;
}

/** Starts a Hub on loopback that serves the given repositories through the real Hub's protocol. */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const now = options.now ?? Date.now;
  const served = new Map<string, ServedRepository>();
  const deleted = new Set<string>();
  const requests: string[] = [];
  const limiter = createLimiter(options.rateLimit ?? null, now);
  const signer = createSigner(randomBytes(32), now);
  const tokens = new Set(options.tokens ?? []);
  const origins = { hub: "", cdn: "" };

  const upstream = createUpstream(options.upstream ?? null, now);

  const find = async (name: string, request: IncomingMessage): Promise<ServedRepository> => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const allowed = token !== undefined && tokens.has(token);
    const one = served.get(name.toLowerCase());
    if (!one && deleted.has(name.toLowerCase())) throw refusals.deletedRepository();
    const elsewhere = one ? null : await upstream(request.url ?? "/");
    if (elsewhere) throw refusals.elsewhere(elsewhere);
    if (!one || (one.repository.private && !allowed)) throw refusals.unknownRepository(token !== undefined);
    return one;
  };
  const atRevision = (one: ServedRepository, revision: string): ServedRepository => {
    const { commit } = one.repository;
    if (!["main", "HEAD", "refs/heads/main", commit].includes(revision))
      throw refusals.unknownRevision(revision);
    return one;
  };
  const refuseGated = (one: ServedRepository, request: IncomingMessage) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (one.repository.gated && !(token && tokens.has(token)))
      throw refusals.gated(one.repository.name, token !== undefined);
  };

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origins.hub);
    const parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
    requests.push(`${request.method} ${url.pathname}`);
    if (parts[0] === "cdn-lfs" && parts[1]) {
      const sha256 = parts[1];
      const files = [...served.values()].flatMap((one) => one.files);
      const file = files.find((one) => one.lfs?.oid === sha256 && one.source);
      return sendFromCdn(request, response, file, sha256, url.searchParams, signer);
    }
    const isResolve = parts[2] === "resolve" || (parts[0] === "api" && parts[1] === "resolve-cache");
    const verdict = limiter.count(isResolve ? "resolvers" : "api");
    if (!verdict.allowed) throw refusals.tooMany(verdict.headers);
    for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value);
    const reading = request.method === "GET" || request.method === "HEAD";
    if (parts[0] === "api" && parts[1] === "models" && parts.length >= 4) {
      const one = await find(`${parts[2]}/${parts[3]}`, request);
      const verb = parts[4] ?? "";
      if (verb === "" && reading) return sendModelInfo(response, one, url.searchParams);
      const revision = parts[5] ?? "main";
      atRevision(one, revision);
      if (verb === "revision" && reading) return sendModelInfo(response, one, url.searchParams);
      if (verb === "tree" && reading)
        return sendTree(response, one, {
          origin: origins.hub,
          path: parts.slice(6).join("/").replace(/\/$/, ""),
          revision,
          query: url.searchParams,
          pageSize: options.pageSize ?? 1000,
        });
      if (verb === "paths-info" && request.method === "POST") return sendPathsInfo(request, response, one);
      if (verb === "commits" && reading) return sendCommits(response, one);
    } else if (parts[0] === "api" && parts[1] === "resolve-cache" && reading) {
      const one = atRevision(await find(`${parts[3]}/${parts[4]}`, request), parts[5] ?? "");
      refuseGated(one, request);
      return sendCached(request, response, one, parts.slice(6).join("/"));
    } else if (isResolve && reading) {
      const revision = parts[3] ?? "";
      const one = atRevision(await find(`${parts[0]}/${parts[1]}`, request), revision);
      refuseGated(one, request);
      return resolveFile({
        request,
        response,
        served: one,
        path: parts.slice(4).join("/"),
        revision,
        signer,
        cdnOrigin: origins.cdn,
        linkSeconds: options.linkSeconds ?? 3600,
        rateHeaders: verdict.headers,
      });
    }
    if (reading && parts[0] !== "api" && (parts.length === 2 || parts[2] === "tree"))
      return sendRepositoryPage(response, await find(`${parts[0]}/${parts[1]}`, request));
    throw new HubRefusal(404, null, "Not found");
  }

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const handled = options.handle ? options.handle(request, response, hub) : Promise.resolve(false);
    handled
      .then((done) => (done ? undefined : route(request, response)))
      .catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else if (error instanceof HubRefusal) sendRefusal(response, error);
        else
          sendRefusal(
            response,
            new HubRefusal(error instanceof URIError ? 400 : 500, null, "Internal error"),
          );
      });
  };

  const servers: Server[] = [createServer(answer)];
  if (options.separateCdn) servers.push(createServer(answer));
  const hub: Hub = {
    get url() {
      return origins.hub;
    },
    requests,
    addRepository(repository) {
      const key = repository.name.toLowerCase();
      served.set(key, { repository, files: repository.files.map(listedFile).sort(byPath) });
      deleted.delete(key);
    },
    deleteRepository(name) {
      const key = name.toLowerCase();
      const existed = served.delete(key);
      if (existed) deleted.add(key);
      return existed;
    },
    repositoryNames: () => [...served.values()].map((one) => one.repository.name).sort(),
    setRateLimit: (limit) => limiter.set(limit),
    async close() {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
  for (const repository of options.repositories ?? []) hub.addRepository(repository);
  const urls = await Promise.all(
    servers.map((server, index) => listen(server, index === 0 ? (options.port ?? 0) : 0)),
  );
  origins.hub = urls[0] ?? "";
  origins.cdn = urls[1] ?? origins.hub;
  return hub;
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
