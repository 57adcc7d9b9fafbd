import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { Agreement } from "@/components/canary/agreement";
import { AnswerTable, rowsShown } from "@/components/canary/answer-table";
import { failureText } from "@/components/canary/failure";
import { Hits } from "@/components/canary/hits";
import { rowFilters } from "@/components/canary/judgement-filters";
import { JudgementRecord } from "@/components/canary/judgement-record";
import { OrderChain } from "@/components/canary/order-chain";
import { PValues } from "@/components/canary/p-values";
import { RecalledJudgement } from "@/components/canary/recalled-judgement";
import { Rows } from "@/components/canary/rows";
import { Says } from "@/components/canary/says";
import { exclusionText } from "@/components/canary/sentences";
import { EntryNote } from "@/components/log/entry-state";
import { LogSeal } from "@/components/marks/log-seal";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { ErrorNote, Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { type JudgementDto, judgementIdSchema, setIdSchema } from "@/lib/canaries";
import { canarySet, judgement, orderChain, shownItemsAt } from "@/lib/canaries/server";
import type { Judgement } from "@/lib/engine/canary/judge";
import { entryLineOf } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

// The table is filtered by the address.
export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly setId: string; readonly id: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const load = cache(async (setId: string, id: string) => {
  if (!setIdSchema.safeParse(setId).success || !judgementIdSchema.safeParse(id).success) return null;
  const ctx = serviceContext(anonymous);
  const [set, found] = await Promise.all([canarySet(ctx, setId), judgement(ctx, id)]);
  return set === null || found === null || found.setId !== set.setId ? null : { set, judgement: found };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { setId, id } = await params;
  const found = await load(setId, id);
  if (found === null) return {};
  const t = await getTranslations("canaries.judgement");
  return {
    title: `${t("kicker")} · ${titleOf(found.judgement, t)}`,
    ...(found.set.example ? { robots: { index: false } } : {}),
  };
}

export default async function JudgementPage({ params, searchParams }: Props) {
  const [{ setId, id }, asked] = await Promise.all([params, searchParams]);
  const found = await load(setId, id);
  if (found === null) notFound();
  const { set, judgement: run } = found;
  const ctx = serviceContext(anonymous);
  const [t, list, states, failures, problems, chain, entry] = await Promise.all([
    getTranslations("canaries.judgement"),
    getTranslations("canaries.list"),
    getTranslations("common.runState"),
    getTranslations("canaries.failures"),
    getTranslations("canaries.problems"),
    orderChain(ctx.db, set.setId, run.suspect.id),
    entryLineOf(ctx.db, `verify:${run.judged?.judgementId ?? run.id}`),
  ]);
  const { judged } = run;
  const result = judged?.result ?? null;
  return (
    <article>
      <PageHead
        kicker={
          <>
            <PageLink href={`/canaries/${set.setId}`}>{t("kicker")}</PageLink>{" "}
            {set.example ? <span className="tag">{list("example")}</span> : null}
          </>
        }
        title={titleOf(run, t)}
      >
        {result === null || judged === null ? null : judged.recalled.length === 0 ? (
          <Lead result={result} />
        ) : (
          <s>
            <Lead result={result} />
          </s>
        )}
        {entry ? (
          <p className="cluster">
            <LogSeal state={entry.proof.state === "waiting" ? "waiting" : "sealed"} />
            <EntryNote line={entry} />
          </p>
        ) : null}
        <p className="not-a-finding">{t("notAFinding")}</p>
      </PageHead>
      {judged === null || result === null ? (
        run.state === "failed" || run.state === "cancelled" || run.ended ? (
          <ErrorNote title={states(run.state)} todo={t("failedTodo")}>
            <p>{t("failedText", { why: failureText(run.failure?.code, failures, problems) })}</p>
          </ErrorNote>
        ) : (
          <Waiting title={states(run.state)}>
            <p>{t("nobody")}</p>
            <p>
              <PageLink href={`/canaries/${set.setId}/judgements/${run.id}`}>{t("reload")}</PageLink>
            </p>
          </Waiting>
        )
      ) : (
        <>
          <RecalledJudgement recalled={judged.recalled}>
            <Says result={result} />
          </RecalledJudgement>
          <section className="section" aria-labelledby="measured">
            <h2 id="measured">{t("agreement")}</h2>
            <Measured result={result} id={run.id} />
          </section>
          <section className="section" aria-labelledby="values">
            <h2 id="values">{t("values")}</h2>
            {Object.keys(result.p).length === 0 ? (
              <p className="measure">{t("noValues")}</p>
            ) : judged.recalled.length === 0 ? (
              <PValues result={result} />
            ) : (
              <del className="recalled">
                <PValues result={result} />
              </del>
            )}
            <Rows result={result} />
          </section>
          <section className="section" aria-labelledby="order">
            <h2 id="order">{t("order")}</h2>
            <OrderChain steps={chain} name={`order-${run.id}`} />
          </section>
          <section className="section" aria-labelledby="answers">
            <h2 id="answers">{t("table")}</h2>
            <Table setId={set.setId} id={run.id} result={result} asked={asked} />
          </section>
          <JudgementRecord setId={set.setId} judged={judged} finishedAt={run.finishedAt} />
        </>
      )}
    </article>
  );
}

function titleOf(
  { suspect, judged }: JudgementDto,
  t: Awaited<ReturnType<typeof getTranslations<"canaries.judgement">>>,
): string {
  return judged === null
    ? t("titleAlone", { suspect: suspect.name })
    : t("title", { suspect: suspect.name, original: judged.original.name });
}

async function Lead({ result }: { readonly result: Judgement }) {
  const t = await getTranslations("canaries.judgement");
  return (
    <p className="lead">
      {result.hits === null
        ? t("lead", { both: result.nBothWrong, same: result.sameWrong })
        : t("leadSecret", { hits: result.hits.suspect, items: result.terms.items })}
    </p>
  );
}

async function Measured({ result, id }: { readonly result: Judgement; readonly id: string }) {
  const locale = (await getLocale()) as Locale;
  const { hits, terms } = result;
  return (
    <>
      {hits === null ? null : (
        <Hits
          hits={hits.suspect}
          original={hits.original}
          references={result.references.flatMap(({ name, hits: own, excluded }) =>
            own === null || excluded !== null ? [] : [{ name, hits: own }],
          )}
          items={terms.items}
          options={terms.options ?? 16}
          name={`hits-${id}`}
        />
      )}
      {hits !== null && result.nBothWrong === 0 ? null : (
        <Agreement
          suspect={{
            name: result.suspect.name,
            bothWrong: result.nBothWrong,
            sameWrong: result.sameWrong,
            excluded: null,
          }}
          references={result.references.map(({ name, bothWrong, sameWrong, excluded, excludedBy }) => ({
            name,
            bothWrong,
            sameWrong,
            excluded: excluded === null ? null : exclusionText({ name, excluded, excludedBy }, locale),
          }))}
          name={`agreement-${id}`}
        />
      )}
    </>
  );
}

interface TableProps {
  readonly setId: string;
  readonly id: string;
  readonly result: Judgement;
  readonly asked: Record<string, string | string[] | undefined>;
}

async function Table({ setId, id, result, asked }: TableProps) {
  const first = (name: string) => {
    const value = asked[name];
    return (Array.isArray(value) ? value[0] : value) ?? "";
  };
  const filter = rowFilters.find((one) => one === first("show")) ?? "all";
  const words = first("q").slice(0, 200);
  const page = Math.max(1, Number.parseInt(first("page"), 10) || 1);
  const { shown } = rowsShown(result, filter, words, page);
  const items = await shownItemsAt(
    serviceContext(anonymous),
    setId,
    shown.map(({ index }) => index),
  );
  return (
    <AnswerTable
      result={result}
      path={`/canaries/${setId}/judgements/${id}`}
      filter={filter}
      words={words}
      page={page}
      items={items}
    />
  );
}
