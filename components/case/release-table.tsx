import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { DateRests } from "@/components/log/date-rests";
import { Hash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { ReleaseLink } from "@/components/registry/release-link";
import type { CaseReleaseDto } from "@/lib/cases";

/** The releases of a case by role, each with what was captured of it. */
export function ReleaseTable({
  releases,
  documented = false,
}: {
  readonly releases: readonly CaseReleaseDto[];
  /** Told from public sources: nothing was captured when it happened. */
  readonly documented?: boolean;
}) {
  const t = useTranslations("cases.releases");
  const roles = useTranslations("common.roles");
  return (
    <>
      <TableBox label={t("title")}>
        <table data-cards>
          <caption>{t(documented ? "captionDocumented" : "caption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("role")}</th>
              <th scope="col">{t("release")}</th>
              <th scope="col">{t("commit")}</th>
              <th scope="col">{t("captured")}</th>
              <th scope="col">{t("licence")}</th>
              <th scope="col">{t("base")}</th>
              <th scope="col" data-number>
                {t("counters")}
              </th>
              <th scope="col" data-number>
                {t("files")}
              </th>
            </tr>
          </thead>
          <tbody>
            {releases.map((one) => (
              <tr key={`${one.role} ${one.releaseId}`}>
                <th scope="row">{roles(one.role)}</th>
                <td data-label={t("release")}>
                  <ReleaseLink
                    release={{
                      id: one.releaseId,
                      source: one.source,
                      repository: one.repository,
                      commit: one.commit,
                      spec: `${one.source}:${one.repository}@${one.commit}`,
                    }}
                  />
                  {one.modelId ? (
                    <>
                      {" "}
                      <PageLink href={`/models/${one.modelId}`}>{t("registered")}</PageLink>
                    </>
                  ) : null}
                </td>
                <td data-label={t("commit")}>
                  <Hash value={one.commit} />
                </td>
                <CaptureCells capture={one.capture} />
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {releases.map((one) => (
        <KeptFiles key={`${one.role} ${one.releaseId}`} release={one} />
      ))}
    </>
  );
}

function CaptureCells({ capture }: { readonly capture: CaseReleaseDto["capture"] }) {
  const t = useTranslations("cases.releases");
  const number = new Intl.NumberFormat(useLocale());
  const shown = (value: number | null) => (value === null ? t("unknown") : number.format(value));
  if (capture === null) return <td colSpan={5}>{t("notCaptured")}</td>;
  return (
    <>
      <td data-label={t("captured")}>
        <Time at={capture.observedAt} />
        <DateRests date={capture.date} />
      </td>
      <td data-label={t("licence")}>{capture.licence ?? t("none")}</td>
      <td data-label={t("base")}>
        {capture.declaredBases.length === 0 ? t("none") : <code>{capture.declaredBases.join(", ")}</code>}
      </td>
      <td data-number data-label={t("counters")}>
        {capture.likes === null && capture.downloads === null
          ? t("unknown")
          : `${shown(capture.likes)} / ${shown(capture.downloads)}`}
      </td>
      <td data-number data-label={t("files")}>
        {capture.fileCount}
      </td>
    </>
  );
}

function KeptFiles({ release }: { readonly release: CaseReleaseDto }) {
  const t = useTranslations("cases.releases");
  const number = new Intl.NumberFormat(useLocale());
  const files = release.capture?.metadata ?? [];
  if (files.length === 0) return null;
  const label = t("kept", { release: release.repository });
  return (
    <details className="more">
      <summary>{label}</summary>
      <TableBox label={label}>
        <table data-cards>
          <caption>{t("keptCaption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("file")}</th>
              <th scope="col" data-number>
                {t("size")}
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.path}>
                <th scope="row">
                  <code>{file.path}</code>
                </th>
                <td data-number data-label={t("size")}>
                  {number.format(file.size)}
                </td>
                <td data-label="SHA-256">
                  <Hash value={file.sha256} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </details>
  );
}
