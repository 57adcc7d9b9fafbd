import { useLocale, useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import { formatSize } from "@/components/marks/size";
import { CsvLink } from "./csv-link";
import { TableBox } from "./table-box";

export interface FileRow {
  readonly path: string;
  /** Bytes; null where a recorded listing does not state it */
  readonly size: number | null;
  readonly gitOid: string | null;
  readonly lfsSha256: string | null;
}

/** A page shows this many rows; a listing may hold 50,000, and a page of all of them nobody can load. */
const mostRows = 500;

/** Files of a release with the hashes that identify them. */
export function FilesTable({
  files,
  caption,
}: {
  readonly files: readonly FileRow[];
  readonly caption?: string;
}) {
  const t = useTranslations("common.files");
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const total = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const shown = files.slice(0, mostRows);
  return (
    <>
      <TableBox label={t("path")} tall={files.length > 14}>
        <table data-cards>
          <caption>
            {caption ?? t("caption", { count: files.length, bytes: formatSize(total, locale) })}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t("path")}</th>
              <th scope="col" data-number>
                {t("size")}
              </th>
              <th scope="col">{t("gitOid")}</th>
              <th scope="col">{t("sha256")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((file) => (
              <tr key={file.path}>
                <th scope="row">
                  <code>{file.path}</code>
                </th>
                <td data-number data-label={t("size")}>
                  {file.size === null ? "?" : number.format(file.size)}
                </td>
                <td data-label={t("gitOid")}>
                  <Hash value={file.gitOid} />
                </td>
                <td data-label={t("sha256")}>
                  <Hash value={file.lfsSha256} />
                </td>
              </tr>
            ))}
          </tbody>
          {files.length > mostRows ? (
            <tfoot>
              <tr>
                <td colSpan={4}>{t("more", { count: files.length - mostRows })}</td>
              </tr>
            </tfoot>
          ) : null}
        </table>
      </TableBox>
      <CsvLink
        title={t("path")}
        name="files"
        rows={[
          ["path", "size", "git_oid", "lfs_sha256"],
          ...shown.map((file) => [file.path, file.size, file.gitOid, file.lfsSha256]),
        ]}
      />
    </>
  );
}
