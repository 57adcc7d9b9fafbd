import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { CaptureFacts } from "@/components/registry/capture-facts";
import { CaptureFiles, CaptureNotes } from "@/components/registry/capture-files";
import { Notice } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { unlinkedSetsOf } from "@/lib/canaries/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import type { ShownPreview } from "@/lib/registry";
import { preparedCapture } from "@/lib/registry/server";
import { AddressForm } from "./address-form";
import { ConfirmForm } from "./confirm-form";

export const dynamic = "force-dynamic";

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("registry.register");
  return { title: t("title"), robots: { index: false } };
}

export default async function RegisterPage({ searchParams }: Props) {
  const [t, locale, viewer, asked] = await Promise.all([
    getTranslations("registry.register"),
    getLocale() as Promise<Locale>,
    currentViewer(),
    searchParams,
  ]);
  const wanted = first(asked.release);
  // Shown without a session too: when it ends in the middle, the form with what was typed must come back here.
  const capture = wanted ? await find(wanted, viewer) : null;
  const trouble = {
    errorTitle: t("errorTitle"),
    sessionTitle: t("sessionTitle"),
    sessionText: t("sessionText"),
    signIn: t("signInElsewhere"),
  };
  if (capture !== null)
    return (
      <Confirm capture={capture} name={viewer.name} trouble={trouble} sets={await setsOf(viewer, locale)} />
    );
  const address = first(asked.address) ?? "";
  const here = wanted
    ? `?release=${encodeURIComponent(wanted)}`
    : address
      ? `?${new URLSearchParams({ address })}`
      : "";
  return (
    <>
      <header className="page-head">
        <h1>{t("title")}</h1>
        <p className="lead">{t("lead")}</p>
      </header>
      <div className="stack stack-wide">
        {viewer.userId === null ? (
          <Notice title={t("signInNeeded")}>
            <p>
              <PageLink href={`/sign-in?${new URLSearchParams({ next: `/${locale}/register${here}` })}`}>
                {t("signIn")}
              </PageLink>
            </p>
          </Notice>
        ) : wanted ? (
          <Notice title={t("gone")}>
            <p>{t("goneText")}</p>
          </Notice>
        ) : null}
        <p className="steps">{t("stepAddress")}</p>
        <AddressForm
          locale={locale}
          address={address}
          texts={{
            ...trouble,
            address: t("address"),
            addressHint: t("addressHint"),
            read: t("read"),
            reading: t("reading"),
            readNote: t("readNote"),
          }}
        />
      </div>
    </>
  );
}

/** Committed sets that name no model yet, as choices. */
async function setsOf(viewer: Awaited<ReturnType<typeof currentViewer>>, locale: Locale) {
  if (viewer.userId === null) return [];
  const [t, kinds, sets] = await Promise.all([
    getTranslations("canaries.list"),
    getTranslations("canaries.kinds"),
    unlinkedSetsOf(serviceContext(viewer)),
  ]);
  return sets.map(({ setId, items, kind, createdAt }) => ({
    value: setId,
    label: [
      formatMoment(createdAt, locale, true),
      t("items", { count: items }),
      kinds(kind),
      setId.slice(0, 8),
    ].join(" · "),
  }));
}

async function Confirm({
  capture,
  name,
  trouble,
  sets,
}: {
  readonly capture: ShownPreview;
  readonly name: string | null;
  readonly trouble: { errorTitle: string; sessionTitle: string; sessionText: string; signIn: string };
  readonly sets: readonly { readonly value: string; readonly label: string }[];
}) {
  const [t, locale] = await Promise.all([
    getTranslations("registry.register"),
    getLocale() as Promise<Locale>,
  ]);
  const { repository } = capture.release;
  return (
    <>
      <header className="page-head">
        <h1>{t("title")}</h1>
        <p className="steps">{t("stepConfirm")}</p>
      </header>
      <section className="stack" aria-labelledby="what">
        <h2 id="what">{t("whatTitle")}</h2>
        <p className="note">
          {t(capture.expired ? "expiredNote" : "whatNote", {
            time: formatMoment(capture.expiresAt, locale),
          })}{" "}
          <PageLink href="/register">{t("other")}</PageLink>
        </p>
        <CaptureFacts capture={capture} />
        <CaptureFiles capture={capture} />
        <CaptureNotes capture={capture} />
      </section>
      <section className="section">
        <ConfirmForm
          locale={locale}
          captureId={capture.captureId}
          name={repository.slice(repository.indexOf("/") + 1)}
          sets={sets}
          texts={{
            ...trouble,
            name: t("name"),
            nameHint: t("nameHint"),
            statement: t("statement"),
            statementHint: t("statementHint"),
            fingerprintTitle: t("fingerprintTitle"),
            fingerprintHint: t("fingerprintHint"),
            canaryTitle: t("canaryTitle"),
            canaryHint: t("canaryHint"),
            canaryNone: t("canaryNone"),
            canaryNew: t("canaryNew"),
            ownKey: t("ownKey"),
            ownKeyHint: t("ownKeyHint"),
            confirm: t("confirm"),
            confirming: t("confirming"),
            renewedTitle: t("renewedTitle"),
            renewedLink: t("renewedLink"),
            confirmNote: name === null ? t("signInNeeded") : t("confirmNote", { name }),
          }}
        />
      </section>
    </>
  );
}

/** The preview, or null when there was none: the first step is shown again. */
async function find(captureId: string, viewer: Awaited<ReturnType<typeof currentViewer>>) {
  try {
    return await preparedCapture(serviceContext(viewer), captureId);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
