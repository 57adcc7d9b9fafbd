import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { EntryList } from "@/components/log/entry-state";
import { formatMoment, Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { CaptureFacts } from "@/components/registry/capture-facts";
import { CaptureFiles, CaptureNotes } from "@/components/registry/capture-files";
import { Checkpoints } from "@/components/registry/checkpoints";
import { WeightFingerprints } from "@/components/registry/weight-fingerprints";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { setsOfRegistrant } from "@/lib/canaries/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { modelPage } from "@/lib/registry/server";
import { Canaries } from "./canaries";
import { Cases } from "./cases";
import { Fingerprints } from "./fingerprints";
import { Superseded } from "./superseded";

export const revalidate = 5;

/** None at build time; each page is made when first asked for. */
export function generateStaticParams() {
  return [];
}

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

const load = cache((id: string) => modelPage(serviceContext(anonymous), id));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const model = await load((await params).id);
  if (model === null) return {};
  const t = await getTranslations("registry.model");
  return {
    title: `${model.name} · ${t("kicker")}`,
    description: `${model.release.spec}. ${t("proves")}`,
    ...(model.example ? { robots: { index: false } } : {}),
  };
}

export default async function ModelPage({ params }: Props) {
  const model = await load((await params).id);
  if (model === null) notFound();
  const [t, list, canaries, sets, locale] = await Promise.all([
    getTranslations("registry.model"),
    getTranslations("registry.list"),
    getTranslations("canaries.model"),
    setsOfRegistrant(serviceContext(anonymous), model.id),
    getLocale() as Promise<Locale>,
  ]);
  const { capture } = model;
  return (
    <article>
      <header className="page-head">
        <p className="kicker">
          {t("kicker")} {model.example ? <span className="tag">{list("example")}</span> : null}
        </p>
        <h1>{model.name}</h1>
        <p className="lead">
          {t("lead", {
            date: formatMoment(model.createdAt, locale),
            name: model.registrant ?? list("nameless"),
          })}
        </p>
      </header>
      {model.withdrawnAt ? (
        <Notice title={t("withdrawnTitle", { date: formatMoment(model.withdrawnAt, locale) })}>
          <p>{t("withdrawnText")}</p>
          <p className="verbatim">{model.withdrawReason}</p>
        </Notice>
      ) : null}
      <Superseded model={model} />
      <section className="section" aria-labelledby="recorded">
        <h2 id="recorded">{t("recorded")}</h2>
        <div className="row">
          <CaptureFacts capture={capture}>
            <Fingerprints fingerprints={model.fingerprints} />
          </CaptureFacts>
          <aside className="row-margin">
            <EntryList lines={model.entries} />
            <p>{t("proves")}</p>
          </aside>
        </div>
      </section>
      {model.statement ? (
        <section className="section" aria-labelledby="statement">
          <h2 id="statement">{t("statement")}</h2>
          <p className="verbatim measure">{model.statement}</p>
        </section>
      ) : null}
      <section className="section" aria-labelledby="weights">
        <h2 id="weights">{t("weights")}</h2>
        <WeightFingerprints
          weightFingerprints={model.weightFingerprints}
          fingerprintJobs={model.fingerprintJobs}
        />
      </section>
      <section className="section" aria-labelledby="checkpoints">
        <h2 id="checkpoints">{t("checkpoints")}</h2>
        <Checkpoints checkpoints={model.checkpoints} />
      </section>
      <section className="section" aria-labelledby="canaries">
        <h2 id="canaries">{canaries("title")}</h2>
        <Canaries modelId={model.id} sets={sets} />
      </section>
      <section className="section" aria-labelledby="files">
        <h2 id="files">{t("files")}</h2>
        <CaptureFiles capture={capture} />
        <CaptureNotes capture={capture} />
      </section>
      <section className="section" aria-labelledby="cases">
        <h2 id="cases">{t("cases")}</h2>
        <Cases cases={model.cases} />
      </section>
      {model.others.length > 0 ? (
        <section className="section" aria-labelledby="others">
          <h2 id="others">{t("others")}</h2>
          <p className="note">{t("othersText")}</p>
          <ul>
            {model.others.map((other) => (
              <li key={other.id}>
                <PageLink href={`/models/${other.id}`}>{other.name}</PageLink> <Time at={other.createdAt} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section className="section screen-only" aria-labelledby="next">
        <h2 id="next">{t("next")}</h2>
        <ul className="plain-list stack-tight">
          <li>
            <PageLink href={`/report?original=${model.id}`}>{t("report")}</PageLink>
          </li>
          {model.state === "registered" ? (
            <li>
              <PageLink href={`/models/${model.id}/weights`}>{t("manageWeights")}</PageLink>
            </li>
          ) : null}
          {model.state === "registered" && model.supersededBy === null ? (
            <li>
              <PageLink href={`/models/${model.id}/supersede`}>{t("supersede")}</PageLink>
            </li>
          ) : null}
          {model.state === "registered" ? (
            <li>
              <PageLink href={`/models/${model.id}/withdraw`}>{t("withdraw")}</PageLink>
            </li>
          ) : null}
        </ul>
      </section>
    </article>
  );
}
