import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { actFormWords, interestFields } from "@/components/case/act-form-words";
import { SignInFirst } from "@/components/case/sign-in-first";
import { ProcedureMark } from "@/components/marks/axes";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { currentViewer } from "@/lib/accounts/server";
import { claimKinds, claimsAgainstDeclared } from "@/lib/cases";
import { casesOfUser } from "@/lib/cases/server";
import { serviceContext } from "@/lib/platform/context/server";
import { ReportForm } from "./report-form";

export const dynamic = "force-dynamic";

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("report");
  return { title: t("title"), robots: { index: false } };
}

export default async function ReportPage({ searchParams }: Props) {
  const [t, cases, given, viewer] = await Promise.all([
    getTranslations("report"),
    getTranslations("cases"),
    searchParams,
    currentViewer(),
  ]);
  const prefill = (name: string) => {
    const value = given[name];
    return typeof value === "string" ? { value: value.slice(0, 500) } : {};
  };
  const head = (
    <PageHead title={t("title")} lead={t("lead")}>
      <p className="measure">{t("before")}</p>
    </PageHead>
  );
  const query = new URLSearchParams(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
  const here = `/report${query.size > 0 ? `?${query}` : ""}`;
  const [words, own] = await Promise.all([
    actFormWords("/report"),
    viewer.userId === null ? [] : casesOfUser(serviceContext(viewer), viewer.userId),
  ]);
  return (
    <>
      {head}
      {/* The form is here without a session too: when it ends in the middle, what was typed comes back into it. */}
      {viewer.userId === null ? <SignInFirst next={here} /> : null}
      <ReportForm
        locale={words.locale}
        signIn={words.signIn}
        allowedWhenDeclared={claimsAgainstDeclared}
        words={{
          button: t("capture"),
          pending: t("capturing"),
          declaredTitle: t("declaredTitle"),
          declaredText: t("declaredText", { original: "{original}" }),
          joined: t("joined"),
          joinedText: t("joinedText"),
          joinedLink: t("joinedLink", { id: "{id}" }),
        }}
        fields={[
          { kind: "hidden", name: "idempotencyKey", value: crypto.randomUUID() },
          {
            kind: "text",
            name: "original",
            label: t("original"),
            hint: t("originalHint"),
            code: true,
            ...prefill("original"),
          },
          {
            kind: "text",
            name: "suspect",
            label: t("suspect"),
            hint: t("suspectHint"),
            code: true,
            ...prefill("suspect"),
          },
          {
            kind: "claims",
            name: "claims",
            label: t("claims"),
            hint: t("claimsHint"),
            textLabel: t("claimText"),
            options: claimKinds.map((kind) => ({
              value: kind,
              label: cases(`claimKind.${kind}`),
              hint: t(`claim.${kind}`),
            })),
          },
          { kind: "area", name: "statement", label: t("statement"), hint: t("statementHint"), rows: 8 },
          ...(await interestFields()),
          { kind: "area", name: "ancestors", label: t("ancestors"), hint: t("ancestorsHint"), rows: 2 },
          { kind: "area", name: "controls", label: t("controls"), hint: t("controlsHint"), rows: 2 },
        ]}
      />
      {own.length > 0 ? (
        <section className="section" aria-labelledby="yours">
          <h2 id="yours">{t("yours")}</h2>
          <ul className="plain-list stack-tight">
            {own.map((one) => (
              <li key={one.id}>
                <PageLink href={one.state === "draft" ? `/report/${one.id}` : `/cases/${one.publicId}`}>
                  {cases("title", { suspect: one.suspect, original: one.original })}
                </PageLink>{" "}
                <ProcedureMark state={one.state} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
