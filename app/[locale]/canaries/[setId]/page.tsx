import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { cache } from "react";
import { AnswerSets } from "@/components/canary/answer-sets";
import { DrawnItems } from "@/components/canary/drawn-items";
import { Judgements } from "@/components/canary/judgements";
import { OrderChain } from "@/components/canary/order-chain";
import { Panel } from "@/components/canary/panel";
import { RevealedItems } from "@/components/canary/revealed-items";
import { SetFacts } from "@/components/canary/set-facts";
import { Terms } from "@/components/canary/terms";
import { VerifyOpenings } from "@/components/canary/verify-openings";
import type { CanaryWords } from "@/components/canary/words";
import { EntryList } from "@/components/log/entry-state";
import { formatMoment } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { setIdSchema } from "@/lib/canaries";
import { canarySet, drawnItems, judgementsOfSet, orderChain, revealedItems } from "@/lib/canaries/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const revalidate = 5;

/** None at build time; each page is made when first asked for. */
export function generateStaticParams() {
  return [];
}

interface Props {
  readonly params: Promise<{ readonly setId: string }>;
}

const shownItems = 50;

const load = cache(async (setId: string) => {
  const ctx = serviceContext(anonymous);
  return setIdSchema.safeParse(setId).success ? canarySet(ctx, setId) : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const set = await load((await params).setId);
  if (set === null) return {};
  const t = await getTranslations("canaries.set");
  return {
    title: `${t("kicker")} · ${set.model?.name ?? set.setId.slice(0, 8)}`,
    description: t("proves"),
    ...(set.example ? { robots: { index: false } } : {}),
  };
}

export default async function CanarySetPage({ params }: Props) {
  const set = await load((await params).setId);
  if (set === null) notFound();
  const ctx = serviceContext(anonymous);
  const [t, list, locale, messages, revealed, drawn, judgements] = await Promise.all([
    getTranslations("canaries.set"),
    getTranslations("canaries.list"),
    getLocale() as Promise<Locale>,
    getMessages(),
    revealedItems(ctx, set.setId, { limit: shownItems }),
    drawnItems(ctx, set.setId, { limit: shownItems }),
    judgementsOfSet(ctx, set.setId),
  ]);
  const words = (messages.canaries as unknown as CanaryWords).set;
  const suspects = set.answers.filter(({ role }) => role === "suspect");
  const chains =
    suspects.length === 0
      ? [{ name: null, id: "set", steps: set.chain }]
      : await Promise.all(
          suspects.map(async ({ id, name }) => ({
            name,
            id,
            steps: await orderChain(ctx.db, set.setId, id),
          })),
        );
  const title =
    set.kind === "generator" ? t("titleGenerator", { count: set.items }) : t("title", { count: set.items });
  return (
    <article>
      <PageHead
        kicker={
          <>
            <PageLink href="/canaries">{list("title")}</PageLink>{" "}
            {set.example ? <span className="tag">{list("example")}</span> : null}
          </>
        }
        title={title}
        lead={t("lead", {
          date: formatMoment(set.createdAt, locale),
          name: set.owner ?? list("nameless"),
        })}
      >
        {set.model ? (
          <p className="kicker">
            {t.rich("of", {
              model: () => <PageLink href={`/models/${set.model?.id}`}>{set.model?.name}</PageLink>,
            })}
          </p>
        ) : null}
      </PageHead>
      {set.redaction ? (
        <Notice title={t("redactedTitle", { date: formatMoment(set.redaction.at, locale) })} />
      ) : null}
      <section className="section" aria-labelledby="recorded">
        <h2 id="recorded">{t("public")}</h2>
        <div className="row">
          <SetFacts set={set} />
          <aside className="row-margin">
            <EntryList lines={set.entries} />
            <p>{t("proves")}</p>
          </aside>
        </div>
      </section>
      <section className="section" aria-labelledby="terms">
        <h2 id="terms">{t("terms")}</h2>
        {set.terms === null ? (
          <p className="measure">{t("termsNone")}</p>
        ) : (
          <Terms terms={set.terms} nonce={set.nonce} />
        )}
      </section>
      <section className="section" aria-labelledby="order">
        <h2 id="order">{t("order")}</h2>
        {chains.map(({ name, id, steps }) => (
          <OrderChain
            key={id}
            steps={steps}
            name={`order-${id}`}
            {...(name === null || chains.length === 1 ? {} : { of: name })}
          />
        ))}
      </section>
      <section className="section" aria-labelledby="answers">
        <h2 id="answers">{t("answers")}</h2>
        <AnswerSets answers={set.answers} />
        <h3>{t("panel")}</h3>
        <Panel panel={set.panel} />
        <p className="screen-only">
          <PageLink href={`/canaries/${set.setId}/answers`}>{t("addAnswers")}</PageLink>
        </p>
      </section>
      <section className="section" aria-labelledby="judgements">
        <h2 id="judgements">{t("judgements")}</h2>
        <Judgements setId={set.setId} judgements={judgements} />
      </section>
      {set.kind === "generator" ? (
        <section className="section" aria-labelledby="drawn">
          <h2 id="drawn">{t("drawn")}</h2>
          {drawn === null ? (
            <p className="measure">{t("drawnWaiting")}</p>
          ) : (
            <DrawnItems set={set} items={drawn.items} />
          )}
        </section>
      ) : (
        <section className="section" aria-labelledby="reveal">
          <h2 id="reveal">{t("reveals")}</h2>
          {set.revealed === 0 ? (
            <p className="measure">{t("revealsNone")}</p>
          ) : (
            <>
              {set.authorKeyId === null ? null : (
                <VerifyOpenings
                  commitment={{
                    setId: set.setId,
                    root: set.root,
                    authorKeyId: set.authorKeyId,
                    size: set.items,
                  }}
                  nonce={set.nonce.state === "known" && set.kind === "random-label" ? set.nonce.nonce : null}
                  fewestOptions={set.kind === "random-label" ? (set.terms?.options ?? 2) : null}
                  stated={set.readableOpenings}
                  locale={locale}
                  words={words}
                />
              )}
              <noscript>
                <p className="note measure">{t("verifyNoScript")}</p>
              </noscript>
              <RevealedItems set={set} items={revealed.items} />
            </>
          )}
        </section>
      )}
      <section className="section screen-only" aria-labelledby="next">
        <h2 id="next">{t("next")}</h2>
        <ul className="plain-list stack-tight">
          <li>
            <a href={`/api/v1/canary-sets/${set.setId}`}>{t("downloadCommitment")}</a>
          </li>
          <li>
            <PageLink href={`/canaries?owner=${set.ownerId}`}>
              {t("ofAuthor", { name: set.owner ?? list("nameless") })}
            </PageLink>
          </li>
          <li>
            <PageLink href={`/canaries/${set.setId}/answers`}>{t("addAnswers")}</PageLink>
          </li>
          {set.kind === "generator" || set.state === "revealed" ? null : (
            <li>
              <PageLink href={`/canaries/${set.setId}/reveal`}>{t("revealAct")}</PageLink>
            </li>
          )}
          {set.model === null ? (
            <li>
              <PageLink href={`/canaries/${set.setId}/reveal#link`}>{t("linkAct")}</PageLink>
            </li>
          ) : null}
        </ul>
      </section>
    </article>
  );
}
