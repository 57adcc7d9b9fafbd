import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { TableBox } from "@/components/data/table-box";
import { formatMoment, Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty, Notice, Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { LogHealth } from "@/lib/ledger";
import { logHealth, witnessesOf } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { env } from "@/lib/platform/env";

// Not cached: an old state of health is a wrong one.
export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("log.status");
  return { title: t("title"), robots: { index: false } };
}

export default async function StatusPage() {
  const [t, log, locale, health] = await Promise.all([
    getTranslations("log.status"),
    getTranslations("log"),
    getLocale() as Promise<Locale>,
    logHealth(serviceContext(anonymous), witnessesOf(env())),
  ]);
  const { last, trouble } = health.timestamps;
  const { monitor } = health;
  const State =
    health.state === "ok"
      ? Notice
      : health.state === "empty"
        ? Empty
        : health.state === "readOnly"
          ? Notice
          : Waiting;
  return (
    <>
      <PageHead
        kicker={<PageLink href="/log">{log("title")}</PageLink>}
        title={t("title")}
        lead={t("lead", { date: formatMoment(new Date(health.asOf), locale) })}
      />
      <State title={t(health.state)}>
        <p>{t(`${health.state}Text`)}</p>
      </State>
      <section className="section" aria-labelledby="figures">
        <h2 id="figures">{t("facts")}</h2>
        <Figures health={health} />
      </section>
      <section className="section" aria-labelledby="witnesses">
        <h2 id="witnesses">{t("witnesses")}</h2>
        <Witnesses health={health} />
      </section>
      <section className="section" aria-labelledby="timestamps">
        <h2 id="timestamps">{t("timestamps")}</h2>
        <p className="measure">
          {last === null
            ? t("noTimestamp")
            : t("timestampText", {
                date: formatMoment(new Date(last.time), locale),
                authority: last.authority,
                size: last.size,
              })}
        </p>
        {trouble === null ? null : (
          <p className="measure">
            {t("timestampTrouble")} <Trouble trouble={trouble} />
          </p>
        )}
      </section>
      <section className="section" aria-labelledby="monitor">
        <h2 id="monitor">{t("monitor")}</h2>
        <p className="measure">{t("monitorText")}</p>
        <p className="measure">
          {monitor === null
            ? t("monitorNone")
            : monitor.trouble === null
              ? t("monitorOk", { date: formatMoment(new Date(monitor.at), locale), size: monitor.size })
              : t("monitorBad", {
                  date: formatMoment(new Date(monitor.at), locale),
                  since: formatMoment(new Date(monitor.trouble.since), locale),
                  problem: t(`monitorProblem.${monitor.trouble.code}`),
                })}
        </p>
      </section>
    </>
  );
}

async function Figures({ health }: { readonly health: LogHealth }) {
  const t = await getTranslations("log.status");
  return (
    <dl className="facts">
      <dt>{t("size")}</dt>
      <dd className="tabular">{health.size.toLocaleString("en")}</dd>
      <dt>{t("checkpoint")}</dt>
      <dd>{health.checkpointAt === null ? t("never") : <Time at={health.checkpointAt} relative />}</dd>
      <dt>{t("pending")}</dt>
      <dd>{t("pendingText", { count: health.pending })}</dd>
      <dt>{t("lag")}</dt>
      <dd>{health.lagSeconds === null ? t("lagNone") : t("lagText", { seconds: health.lagSeconds })}</dd>
      <dt>{t("unpublished")}</dt>
      <dd>{t("pendingText", { count: health.unpublished })}</dd>
    </dl>
  );
}

async function Witnesses({ health }: { readonly health: LogHealth }) {
  const t = await getTranslations("log.status");
  if (health.witnesses.length === 0)
    return (
      <Empty title={t("noWitnessTitle")} level={3}>
        <p>{t("noWitnessText")}</p>
      </Empty>
    );
  return (
    <TableBox label={t("witnesses")}>
      <table data-cards>
        <caption>{t("witnessCaption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("witness")}</th>
            <th scope="col" data-number>
              {t("lastSize")}
            </th>
            <th scope="col">{t("lastTime")}</th>
            <th scope="col">{t("lastError")}</th>
          </tr>
        </thead>
        <tbody>
          {health.witnesses.map((witness) => (
            <tr key={witness.name}>
              <th scope="row">{witness.name}</th>
              <td data-number data-label={t("lastSize")}>
                {witness.last?.size.toLocaleString("en") ?? "–"}
              </td>
              <td data-label={t("lastTime")}>
                {witness.last === null ? t("never") : <Time at={witness.last.time} />}
              </td>
              <td data-label={t("lastError")}>
                {witness.trouble === null ? t("noError") : <Trouble trouble={witness.trouble} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

async function Trouble({
  trouble,
}: {
  readonly trouble: { readonly problem: string; readonly since: string };
}) {
  const [t, locale] = await Promise.all([getTranslations("log.status"), getLocale() as Promise<Locale>]);
  return t("since", {
    problem: t(`problem.${trouble.problem as "timeout"}`),
    date: formatMoment(new Date(trouble.since), locale),
  });
}
