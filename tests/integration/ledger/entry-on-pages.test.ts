import { text } from "node:stream/consumers";
import { createTranslator, NextIntlClientProvider } from "next-intl";
import { type ComponentProps, type ComponentType, createElement, type ReactNode } from "react";
import { prerenderToNodeStream } from "react-dom/static";
import { expect, test, vi } from "vitest";
import { formatMoment } from "@/components/marks/time";
import { loadMessages } from "@/i18n/messages";
import { acceptParty } from "@/lib/cases/server";
import { replyAsParty } from "@/lib/evidence/server";
import { recordAct } from "@/lib/ledger/server";
import { anonymous, type Context } from "@/lib/platform/context";
import { captureRelease, registerModel } from "@/lib/registry/server";
import { fileReproduction } from "@/lib/verification/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";
import { caseWorld, finishedRun } from "../cases/support";

// The pages themselves, as everybody gets them, over a sealed and witnessed log; only what Next itself gives is stood in for.

const site = vi.hoisted(() => ({ ctx: null as unknown, locale: "en" as "en" | "zh" }));
vi.mock("@/lib/platform/context/server", () => ({ serviceContext: () => site.ctx }));
// The run of this test has no measured result; what a result looks like is not asked here.
vi.mock("@/components/result/result-view", () => ({ ResultView: () => null }));
vi.mock("next-intl/server", () => {
  const translator = (asked: string | { readonly namespace: string }) =>
    createTranslator({
      locale: site.locale,
      messages: loadMessages(site.locale),
      namespace: (typeof asked === "string" ? asked : asked.namespace) as never,
    });
  return {
    getTranslations: async (asked: string) => translator(asked),
    getLocale: async () => site.locale,
    getMessages: async () => loadMessages(site.locale),
  };
});

const { db } = await testDatabase();
const world = await caseWorld(db);
const keys = sealingKeys();
site.ctx = { ...world.as(anonymous) } satisfies Context;
const reporter = await world.user("Reed Reader");
const author = await world.user("River Author");
const moderator = await world.user("Mod", "moderator");

type Page = (props: { readonly params: Promise<{ readonly id: string }> }) => Promise<ReactNode>;

async function shown(page: Page, id: string): Promise<string> {
  const node = await page({ params: Promise.resolve({ id }) });
  const { prelude } = await prerenderToNodeStream(
    createElement(Words, { locale: site.locale, messages: loadMessages(site.locale), timeZone: "UTC" }, node),
  );
  // Two neighbouring texts of a component have a comment between them.
  return (await text(prelude)).replaceAll("<!-- -->", "");
}

/** The provider with its children given apart, as `createElement` has them. */
const Words = NextIntlClientProvider as ComponentType<
  Omit<ComponentProps<typeof NextIntlClientProvider>, "children">
>;

/** What stands beside an entry in this state, in the reader's language. */
const stateWords = (state: "waiting" | "witnessed"): string =>
  createTranslator({
    locale: site.locale,
    messages: loadMessages(site.locale),
    namespace: "log.line" as never,
  })(state as never);

/** The act's line on the page: number, time, what vouches for it, and the proof to take away. */
async function expectEntry(html: string, dedupKey: string): Promise<void> {
  const entry = await db.logEntry.findUniqueOrThrow({ where: { dedupKey } });
  const index = Number(entry.index);
  const line = new RegExp(
    `class="entry-line"[^>]*><a[^>]*href="/(?:${site.locale}/)?log/entries/${index}"[\\s\\S]*?href="/api/v1/entries/${index}/bundle\\.zip"`,
  ).exec(html)?.[0];
  expect(line, `${dedupKey} on the page`).toBeDefined();
  expect(line).toContain(`dateTime="${entry.t.toISOString()}"`);
  expect(line).toContain(formatMoment(entry.t, site.locale));
  expect(line).toContain(stateWords("witnessed"));
}

vi.setConfig({ testTimeout: 120_000 });

test.each(["en", "zh"] as const)(
  "model, run and reply show number, time, state and proof of their entries (%s)",
  async (locale) => {
    site.locale = locale;
    const [{ default: model }, { default: run }, { default: post }] = await Promise.all([
      import("@/app/[locale]/models/[id]/page"),
      import("@/app/[locale]/runs/[id]/page"),
      import("@/app/[locale]/evidence/[id]/page"),
    ]);
    const name = `river-lab/pages-${locale}`;
    world.hub.addRepository(hubRepository(name, { "config.json": { name }, "README.md": "# Slip\n" }));
    const { captureId } = await captureRelease(world.as(author), `hf:${name}`);
    const { modelId } = await registerModel(world.as(author), { captureId, name });
    const { id, publicId } = await world.opened(reporter, moderator);
    const party = await db.caseParty.findFirstOrThrow({ where: { caseId: id, side: "suspect" } });
    await acceptParty(world.as(moderator), {
      caseId: id,
      partyId: party.id,
      userId: author.userId,
      basis: "challenge-file",
    });
    const { postId } = await replyAsParty(world.as(author), {
      caseId: publicId,
      partyId: party.id,
      body: "We answer.",
    });
    const runId = await finishedRun(db, id, world.now, { relation: "inconclusive" });
    const digest = `sha256:${"ab".repeat(32)}`;
    await db.$transaction((tx) =>
      recordAct(tx, {
        kind: "verify",
        about: `case:${publicId}`,
        subjects: [{ name: "result", digest: { sha256: "ab".repeat(32) } }],
        predicate: {
          case: publicId,
          run: runId,
          finishedAt: world.now.toISOString(),
          result: "ab".repeat(32),
          capsule: "cd".repeat(32),
          build: "ef".repeat(32),
          methods: [],
          relation: "inconclusive",
        },
        dedupKey: `verify:${runId}`,
        t: world.now,
      }),
    );
    const { reproductionId } = await fileReproduction(world.as(author), {
      runId,
      interest: "author-of-suspect",
      document: JSON.stringify({
        schema: "slipmark.reproduction/v1",
        intact: true,
        from: "capsule",
        recorded: { digest },
        computed: { digest, build: null },
      }),
    });
    // Before the log has taken them, the pages say that they wait, and offer no proof.
    const before = await shown(post as Page, postId);
    expect(before).toContain(stateWords("waiting"));
    expect(before).not.toContain("bundle.zip");

    await sealPending(db, keys, { witnessed: true });
    await expectEntry(await shown(model as Page, modelId), `register:${modelId}`);
    await expectEntry(await shown(post as Page, postId), `reply:${publicId}:${postId}:1`);
    const ran = await shown(run as Page, runId);
    await expectEntry(ran, `verify:${runId}`);
    await expectEntry(ran, `reproduce:${reproductionId}`);
  },
);
