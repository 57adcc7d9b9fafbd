import { useLocale, useTranslations } from "next-intl";
import { FilesTable } from "@/components/data/files-table";
import { Hash } from "@/components/marks/hash";
import { formatSize } from "@/components/marks/size";
import type { Locale } from "@/i18n/locales";
import type { InputRelease, ResultDocument } from "@/lib/engine/result/document";
import { methodNames } from "./method-names";

/** Everything that went in: releases at their commits with their files, parameters, and how much was read. */
export function Inputs({ document }: { readonly document: ResultDocument }) {
  const t = useTranslations("result.inputs");
  const roles = useTranslations("common.roles");
  const locale = useLocale() as Locale;
  const { inputs, bytesRead, bytesTotal, parameters } = document;
  const releases: readonly (readonly [string, InputRelease, "original" | "suspect" | null])[] = [
    [roles("original"), inputs.original, "original"],
    [roles("suspect"), inputs.suspect, "suspect"],
    ...inputs.ancestors.map((one) => [roles("ancestor"), one, null] as const),
    ...inputs.controls.map((one) => [roles("control"), one, null] as const),
  ];
  return (
    <section className="section" aria-labelledby="inputs">
      <h2 id="inputs">{t("title")}</h2>
      {releases.map(([role, release, side], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is part of a result that never changes
        <div key={index} className="stack stack-tight">
          <h3>{release.repository ? t("of", { role, repository: release.repository }) : role}</h3>
          <dl className="facts">
            <dt>{t("commit")}</dt>
            <dd>
              <Hash value={release.commit} />
            </dd>
            {side ? (
              <>
                <dt>{t("read")}</dt>
                <dd>
                  {t("ofTotal", {
                    read: formatSize(bytesRead[side], locale),
                    total: formatSize(bytesTotal[side], locale),
                  })}
                </dd>
              </>
            ) : null}
          </dl>
          <details className="more">
            <summary>{t("files", { count: release.files.length })}</summary>
            <FilesTable files={release.files} />
          </details>
        </div>
      ))}
      {inputs.controls.length === 0 ? <p className="note">{t("noControls")}</p> : null}
      <h3>{t("parameters")}</h3>
      <dl className="facts">
        <dt>{t("methods")}</dt>
        <dd>{methodNames(parameters.methods, locale)}</dd>
        <dt>{t("nonce")}</dt>
        <dd>{parameters.nonce === "" ? t("noNonce") : <Hash value={parameters.nonce} />}</dd>
        <dt>{t("screened")}</dt>
        <dd>{parameters.screened}</dd>
        <dt>{t("ranges")}</dt>
        <dd>{document.ranges.length}</dd>
      </dl>
    </section>
  );
}
