import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CheckProof } from "@/components/log/check-proof";
import { SourceBox } from "@/components/log/source-box";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { type LogErrorCode, logErrorCodes } from "@/lib/engine/log";
import { logSummary } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const dynamic = "force-dynamic";

const steps = [
  "leaf",
  "statement",
  "belongs",
  "payloads",
  "redacted",
  "checkpoint",
  "inclusion",
  "witness",
  "timestamp",
  "files",
  "live",
] as const;
const troubles = ["notZip", "tooLarge", "notFound", "offline", "nothing", "badKey", "otherKey"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("log.check");
  return { title: t("title"), description: t("lead") };
}

export default async function CheckProofPage() {
  const ctx = serviceContext(anonymous);
  const [t, log, common, summary] = await Promise.all([
    getTranslations("log.check"),
    getTranslations("log"),
    getTranslations("common.hash"),
    logSummary(ctx),
  ]);
  const plain = [
    "file",
    "fileHint",
    "number",
    "numberHint",
    "key",
    "keyHint",
    "act",
    "working",
    "steps",
    "good",
    "goodOwn",
    "goodFile",
    "goodSite",
    "bad",
    "unread",
    "held",
    "failed",
    "meaning",
  ] as const;
  const words = {
    ...(Object.fromEntries(plain.map((name) => [name, t(name)])) as Record<(typeof plain)[number], string>),
    trouble: Object.fromEntries(troubles.map((name) => [name, t(name)])) as Record<
      (typeof troubles)[number],
      string
    >,
    step: Object.fromEntries(steps.map((name) => [name, t(`step.${name}`)])),
    reason: Object.fromEntries(logErrorCodes.map((code) => [code, t(`reason.${code}`)])) as Record<
      LogErrorCode,
      string
    >,
  };
  const command = `curl -sfO ${ctx.settings.publicOrigin}/api/v1/entries/${summary?.example ?? 0}/bundle.zip
python3 -m zipfile -e bundle.zip bundle
python3 bundle/verify.py`;
  return (
    <>
      <PageHead
        kicker={<PageLink href="/log">{log("title")}</PageLink>}
        title={t("title")}
        lead={t("lead")}
      />
      <noscript>
        <p className="measure">{t("noScriptTitle")}</p>
      </noscript>
      <CheckProof words={words} siteKeys={summary?.keys.map(({ verifierKey }) => verifierKey) ?? []} />
      <section className="section" aria-labelledby="own">
        <h2 id="own">{t("ownTitle")}</h2>
        <p className="measure">{t("ownText")}</p>
        <SourceBox
          text={command}
          label={t("ownTitle")}
          copy={{ label: common("copy"), doneLabel: common("copied") }}
        />
      </section>
    </>
  );
}
