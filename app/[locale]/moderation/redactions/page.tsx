import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { actFormWords } from "@/components/case/act-form-words";
import { SignInFirst } from "@/components/case/sign-in-first";
import { TableBox } from "@/components/data/table-box";
import { ActForm } from "@/components/forms/act-form";
import { formatMoment, Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty, Notice, Refused } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import { currentViewer } from "@/lib/accounts/server";
import { redactionReasons, redactionScopes } from "@/lib/ledger";
import { serviceContext } from "@/lib/platform/context/server";
import {
  type RedactionPreview,
  type RedactionRow,
  redactionPreview,
  redactionQueue,
} from "@/lib/redaction/server";
import { discard, redact } from "./actions";

export const dynamic = "force-dynamic";

interface Props {
  readonly searchParams: Promise<{ readonly entry?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("redaction.moderation");
  return { title: t("title"), robots: { index: false } };
}

export default async function RedactionsPage({ searchParams }: Props) {
  const [{ entry }, t, moderation, locale, viewer] = await Promise.all([
    searchParams,
    getTranslations("redaction.moderation"),
    getTranslations("moderation"),
    getLocale() as Promise<Locale>,
    currentViewer(),
  ]);
  if (viewer.userId === null) return <SignInFirst next="/moderation/redactions" />;
  if (viewer.role === "member")
    return (
      <Refused title={moderation("refusedTitle")} todo={moderation("refusedTodo")}>
        <p>{moderation("refusedText")}</p>
      </Refused>
    );
  const ctx = serviceContext(viewer);
  const asked = (typeof entry === "string" ? entry : "").trim().slice(0, 220);
  const [queue, preview] = await Promise.all([
    redactionQueue(ctx, viewer),
    asked === "" ? null : redactionPreview(ctx, viewer, asked),
  ]);
  return (
    <>
      <PageHead
        kicker={<PageLink href="/moderation">{moderation("title")}</PageLink>}
        title={t("title")}
        lead={t("lead")}
      />
      <section className="section" aria-labelledby="find">
        <h2 id="find">{t("find")}</h2>
        {/* A plain question to this page: it works without scripts, and its answer has an address. */}
        <form className="form stack" action={`/${locale}/moderation/redactions`}>
          <p className="field">
            <label htmlFor="entry">{t("entry")}</label>
            <input id="entry" name="entry" defaultValue={asked} autoComplete="off" required />
          </p>
          <p>
            <button type="submit" className="button quiet">
              {t("look")}
            </button>
          </p>
        </form>
        {asked !== "" && preview === null ? <p role="status">{t("unknown")}</p> : null}
      </section>
      {preview === null ? null : <Preview preview={preview} asked={asked} />}
      <section className="section" aria-labelledby="list">
        <h2 id="list">{t("list")}</h2>
        {queue.length === 0 ? <Empty title={t("none")} level={3} /> : <Queue rows={queue} />}
      </section>
    </>
  );
}

async function Preview({ preview, asked }: { readonly preview: RedactionPreview; readonly asked: string }) {
  const [t, r, log] = await Promise.all([
    getTranslations("redaction.moderation"),
    getTranslations("redaction"),
    getTranslations("log"),
  ]);
  return (
    <section className="section" aria-labelledby="would">
      <h2 id="would">{t("would")}</h2>
      <dl className="facts">
        <dt>{t("act")}</dt>
        <dd>
          {log(`kinds.${preview.kind as "register"}`)} <code>{preview.act}</code>
        </dd>
        <dt>{t("about")}</dt>
        <dd>
          <code>{preview.about}</code>
        </dd>
        {preview.name === null ? null : (
          <>
            <dt>{t("byName")}</dt>
            <dd>{preview.name}</dd>
          </>
        )}
      </dl>
      {preview.gone ? (
        <Notice title={t("gone")} level={3} />
      ) : (
        <>
          {preview.texts.length === 0 ? <p>{t("noText")}</p> : null}
          {preview.texts.map((text) => (
            <blockquote key={text} className="verbatim">
              {text}
            </blockquote>
          ))}
          <h3 id="form">{t("form")}</h3>
          <p className="measure">{t("warning")}</p>
          <ActForm
            {...(await actFormWords(`/moderation/redactions?entry=${encodeURIComponent(asked)}`))}
            action={redact}
            id="redact"
            button={t("button")}
            fields={[
              { kind: "hidden", name: "entry", value: asked },
              {
                kind: "radio",
                name: "reasonCode",
                label: t("reason"),
                hint: t("reasonHint"),
                options: redactionReasons.map((value) => ({ value, label: r(`reason.${value}`) })),
              },
              {
                kind: "text",
                name: "authorityReference",
                label: t("reference"),
                hint: t("referenceHint"),
              },
              {
                kind: "radio",
                name: "what",
                label: t("what"),
                value: "text",
                options: (["text", ...redactionScopes] as const).map((value) => ({
                  value,
                  label: t(`whatOption.${value}`),
                })),
              },
              {
                kind: "text",
                name: "repository",
                label: t("repository"),
                hint: t("repositoryHint"),
                code: true,
              },
              { kind: "text", name: "confirm", label: t("confirm"), code: true },
            ]}
          />
        </>
      )}
    </section>
  );
}

async function Queue({ rows }: { readonly rows: readonly RedactionRow[] }) {
  const [t, r, locale, words] = await Promise.all([
    getTranslations("redaction.moderation"),
    getTranslations("redaction"),
    getLocale() as Promise<Locale>,
    actFormWords("/moderation/redactions"),
  ]);
  return (
    <TableBox label={t("list")}>
      <table data-cards>
        <caption>{t("caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("act")}</th>
            <th scope="col">{t("why")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("at")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <PageLink href={`/moderation/redactions?entry=${encodeURIComponent(row.index ?? row.act)}`}>
                  <code>{row.act}</code>
                </PageLink>
              </th>
              <td data-label={t("why")}>{r(`reason.${row.reason as "privacy"}`)}</td>
              <td data-label={t("state")}>
                {t(`states.${row.state}`)}
                {row.state === "proposed" && row.aloneFrom ? (
                  <p className="note">
                    {t("alone", { date: formatMoment(new Date(row.aloneFrom), locale) })}
                  </p>
                ) : null}
                {row.state === "proposed" ? (
                  <ActForm
                    {...words}
                    action={discard}
                    id={`discard-${row.id}`}
                    prefix={`${row.id}-`}
                    quiet
                    button={t("discard")}
                    fields={[{ kind: "hidden", name: "redactionId", value: row.id }]}
                  />
                ) : null}
              </td>
              <td data-label={t("at")}>
                <Time at={row.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
