import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { commitSet, fetchNonce, recordAnswers, revealItems } from "@/lib/canaries/server";
import {
  type CanaryItem,
  type CanaryTerms,
  makeGeneratorSet,
  openSet,
  roundAfter,
  type SetSecrets,
  targetItems,
  timeOfRound,
} from "@/lib/engine/canary";
import { authorKeyIdOfAccount } from "@/lib/engine/canary/author";
import { makeSet } from "@/lib/engine/canary/set";
import { formatAnswers } from "@/lib/engine/canary/transcript";
import { openBlobs } from "@/lib/platform/blobs/open";
import { anonymous, type Context, type Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { createJobSender } from "@/lib/platform/jobs/sender";
import { captureRelease } from "@/lib/registry/server";
import { type TestDatabase, testDatabase } from "../../support/database";
import { startDrand } from "../../support/drand";
import { type Hub, type HubRepository, startHub } from "../../support/hub";
import { sealingKeys, sealPending } from "../../support/sealed-log";

export interface JudgingWorld extends TestDatabase {
  readonly folder: string;
  readonly hub: Hub;
  readonly ctx: Context;
  as(viewer: Viewer): Context;
  user(name: string, role?: "member" | "moderator"): Promise<Viewer>;
  /** Whatever waits is appended, signed and witnessed. */
  seal(options?: { readonly witnessed?: boolean }): Promise<void>;
  capture(viewer: Viewer, repository: HubRepository): Promise<{ readonly release: string }>;
  /** Commits a random-label set, has it witnessed, and waits for the beacon. */
  commit(author: Viewer, terms?: Partial<CanaryTerms>): Promise<CommittedSet>;
  /** Commits a generator set over these characters, has it witnessed, and waits for the draw. */
  commitGenerator(
    author: Viewer,
    of: { readonly characters: string; readonly items: number },
  ): Promise<string>;
  /** Registers answers: each item's by what `answer` says of it and its target. */
  answers(
    viewer: Viewer,
    set: CommittedSet,
    of: Omit<Parameters<typeof recordAnswers>[1], "setId" | "answers">,
    answer: (item: CanaryItem, index: number) => string,
  ): Promise<string>;
  reveal(author: Viewer, set: CommittedSet, indices?: readonly number[]): Promise<void>;
}

export interface CommittedSet {
  readonly setId: string;
  readonly secrets: SetSecrets;
  /** The items with their drawn targets as answers. */
  readonly items: readonly CanaryItem[];
}

export const labels = Array.from(
  { length: 64 },
  (_, at) => `label-${String.fromCharCode(97 + (at % 26))}${at}`,
);

export const labelTerms = (items: number): Omit<CanaryTerms, "beacon"> => ({
  schema: "slipmark.canary-terms/v1",
  kind: "random-label",
  items,
  options: labels.length,
  primary: "secret",
  threshold: "0.000001",
  normaliser: "n1",
  fold: "none",
  prompt: "Answer with one label. {prompt}",
  extractor: { kind: "first-line" },
  repeats: 3,
  references: [],
  needsReferences: 5,
  deadline: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
});

/** A database, a Hub, a beacon that signs with a real key, and a log that is sealed when a test says so. */
export async function judgingWorld(repositories: readonly HubRepository[] = []): Promise<JudgingWorld> {
  const database = await testDatabase();
  const { db, url } = database;
  const folder = await mkdtemp(join(tmpdir(), "slipmark-canaries-"));
  const hub = await startHub({ repositories });
  const drand = await startDrand({ period: 1 });
  const jobs = createJobSender(url);
  const keys = sealingKeys();
  afterAll(async () => {
    await Promise.all([jobs.close(), hub.close(), drand.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  const ctx: Context = {
    db,
    clock: { now: () => new Date() },
    viewer: anonymous,
    jobs,
    blobs: openBlobs({
      place: join(folder, "blobs"),
      s3: { endpoint: null, region: "", accessKeyId: null, secretAccessKey: null },
    }),
    sources: {
      hf: { endpoint: hub.url, token: null },
      github: { endpoint: hub.url, token: null },
      cacheFolder: join(folder, "cache"),
    },
    settings: {
      casePrefix: "SLP",
      publicOrigin: "http://127.0.0.1:3000",
      drand: { relay: drand.url, trusted: [drand.chain] },
    },
  };
  const as = (viewer: Viewer): Context => ({ ...ctx, viewer });
  const seal = async ({ witnessed = true } = {}) => {
    await sealPending(db, keys, { witnessed });
  };
  // The witness writes whole seconds, and its date has to be before the round.
  const beaconToCome = () => drand.beacon(roundAfter(drand.chain, Date.now() + 3_000));
  /** Committed, witnessed, and drawn. */
  const register = async (
    author: Viewer,
    of: Omit<Required<Parameters<typeof commitSet>[1]>, "items" | "kind" | "namespace" | "ownKey">,
    beacon: ReturnType<typeof beaconToCome>,
  ): Promise<string> => {
    await commitSet(as(author), of);
    await seal();
    await sleep(Math.max(0, timeOfRound(beacon) - Date.now()) + 50);
    const row = await db.canarySet.findUniqueOrThrow({ where: { setId: of.setId } });
    await fetchNonce(ctx, row.id, {
      fetchRound: async () => drand.sign(beacon.round),
      signal: new AbortController().signal,
    });
    const { nonce } = await db.canarySet.findUniqueOrThrow({ where: { setId: of.setId } });
    return nonce ?? "";
  };
  return {
    ...database,
    folder,
    hub,
    ctx,
    as,
    seal,
    async user(name, role = "member") {
      const row = await db.user.create({
        data: { id: newId("usr"), name, role, emailVerified: new Date() },
      });
      return { role, userId: row.id, name };
    },
    async capture(viewer, repository) {
      await captureRelease(as(viewer), `hf:${repository.name}`);
      return { release: `hf:${repository.name}@${repository.commit}` };
    },
    async commit(author, changed = {}) {
      const size = changed.items ?? 8;
      const beacon = beaconToCome();
      const terms: CanaryTerms = { ...labelTerms(size), beacon, ...changed };
      const items = Array.from({ length: size }, (_, at) => ({
        id: `item-${at}`,
        prompt: `Which label has the lamp of room ${at}?`,
        options: labels,
      }));
      const authorKeyId = authorKeyIdOfAccount(author.userId as string);
      const made = await makeSet({ items, images: new Map(), authorKeyId }, { terms });
      const { setId, root } = made.commitment;
      const nonce = await register(author, { setId, root, authorKeyId, terms }, beacon);
      return { setId, secrets: made.secrets, items: await targetItems(made.secrets, nonce) };
    },
    async commitGenerator(author, { characters, items }) {
      const beacon = beaconToCome();
      const points = [...characters].map((character) => character.codePointAt(0) ?? 0);
      const terms: CanaryTerms = {
        ...labelTerms(items),
        kind: "generator",
        options: null,
        primary: "robust",
        threshold: "0.05",
        prompt: "Which character is in the picture?",
        extractor: { kind: "whole" },
        beacon,
        generator: {
          program: "rare-han/v1",
          parameters: { from: Math.min(...points), to: Math.max(...points), characters },
        },
      };
      const authorKeyId = authorKeyIdOfAccount(author.userId as string);
      const { setId, root } = makeGeneratorSet(terms, authorKeyId);
      await register(author, { setId, root, authorKeyId, terms }, beacon);
      return setId;
    },
    async answers(viewer, set, of, answer) {
      const text = formatAnswers(set.items.map((item, at) => ({ id: item.id, answer: answer(item, at) })));
      const recorded = await recordAnswers(as(viewer), {
        setId: set.setId,
        ...of,
        answers: Buffer.from(text, "utf8"),
      });
      return recorded.id;
    },
    async reveal(author, set, indices) {
      const openings = await openSet(set.secrets, indices);
      const lines = openings.map((opening) => `${JSON.stringify(opening)}\n`).join("");
      await revealItems(as(author), { setId: set.setId, openings: Buffer.from(lines, "utf8") });
    },
  };
}
