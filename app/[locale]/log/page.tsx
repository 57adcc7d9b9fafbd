import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { TableBox } from "@/components/data/table-box";
import { checkingCommands } from "@/components/log/commands";
import { LogNow } from "@/components/log/log-now";
import { SourceBox } from "@/components/log/source-box";
import { Hash } from "@/components/marks/hash";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import { bundleTexts, logSummary } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

// Not cached: what stands here is compared with what programs read at the same moment.
export const dynamic = "force-dynamic";

const proves = ["form", "place", "date", "first"] as const;
const provesNot = ["author", "truth", "complete", "time"] as const;
const trusted = ["site", "witness", "authority", "signer", "you"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("log");
  return { title: t("title"), description: t("lead") };
}

export default async function LogPage() {
  const ctx = serviceContext(anonymous);
  const [t, common, summary] = await Promise.all([
    getTranslations("log"),
    getTranslations("common.hash"),
    logSummary(ctx),
  ]);
  const words = { label: common("copy"), doneLabel: common("copied") };
  const commands =
    summary?.example == null
      ? null
      : checkingCommands({ ...summary, site: ctx.settings.publicOrigin, index: summary.example });
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <section aria-labelledby="now">
        <h2 id="now" className="visually-hidden">
          {t("now.title")}
        </h2>
        <div className="row">
          {summary === null ? (
            <Empty title={t("now.emptyTitle")} level={3}>
              <p>{t("now.emptyText")}</p>
            </Empty>
          ) : (
            <LogNow summary={summary} />
          )}
          <aside className="row-margin">
            <h3>{t("read.title")}</h3>
            <ul className="plain-list stack-tight">
              <li>
                <PageLink href="/log/entries">{t("read.entries")}</PageLink>
              </li>
              <li>
                <PageLink href="/log/check">{t("read.check")}</PageLink>
              </li>
              <li>
                <PageLink href="/status">{t("read.status")}</PageLink>
              </li>
              <li>
                <a href="/log/checkpoint">{t("read.file")}</a>
              </li>
              <li>
                <a href="/api/v1/openapi.json">{t("read.api")}</a>
              </li>
            </ul>
          </aside>
        </div>
      </section>
      <div className="section">
        <div className="equal">
          <section aria-labelledby="proves" className="stack">
            <h2 id="proves">{t("proves.title")}</h2>
            <ul className="stack-tight">
              {proves.map((one) => (
                <li key={one}>{t(`proves.${one}`)}</li>
              ))}
            </ul>
          </section>
          <section aria-labelledby="proves-not" className="stack">
            <h2 id="proves-not">{t("provesNot.title")}</h2>
            <ul className="stack-tight">
              {provesNot.map((one) => (
                <li key={one}>{t(`provesNot.${one}`)}</li>
              ))}
            </ul>
          </section>
        </div>
      </div>
      <section className="section" aria-labelledby="trust">
        <h2 id="trust">{t("trust.title")}</h2>
        <TableBox label={t("trust.title")}>
          <table data-cards>
            <caption>{t("trust.caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("trust.who")}</th>
                <th scope="col">{t("trust.rests")}</th>
                <th scope="col">{t("trust.cannot")}</th>
              </tr>
            </thead>
            <tbody>
              {trusted.map((who) => (
                <tr key={who}>
                  <th scope="row">{t(`trust.${who}`)}</th>
                  <td data-label={t("trust.rests")}>{t(`trust.${who}Rests`)}</td>
                  <td data-label={t("trust.cannot")}>{t(`trust.${who}Cannot`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      </section>
      <section className="section" aria-labelledby="commands">
        <h2 id="commands">{t("commands.title")}</h2>
        {commands === null || summary?.example == null ? (
          <p className="measure">{t("commands.waiting")}</p>
        ) : (
          <>
            <p className="measure">{t("commands.intro", { index: summary.example })}</p>
            <ol className="commands">
              {(["one", "two", "three"] as const).map((which, at) => (
                <li key={which} className="stack">
                  <h3>{t(`commands.${which}`)}</h3>
                  <p className="measure">{t(`commands.${which}Text`)}</p>
                  <SourceBox text={commands[at] ?? ""} label={t(`commands.${which}`)} copy={words} />
                </li>
              ))}
            </ol>
          </>
        )}
        <div className="note measure">
          <p>{t("commands.bundle")}</p>
          <Hash value={bundleTexts().verifySha256} />
        </div>
      </section>
      <section className="section" aria-labelledby="forget">
        <h2 id="forget">{t("forget.title")}</h2>
        <p className="measure">{t("forget.text")}</p>
      </section>
    </>
  );
}
