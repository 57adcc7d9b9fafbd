import { useTranslations } from "next-intl";
import { FilesTable } from "@/components/data/files-table";
import type { CaptureDto } from "@/lib/registry";

/** The listing with every hash that is known: stated by the source, or computed from the bytes that were kept. */
export function CaptureFiles({ capture }: { readonly capture: CaptureDto }) {
  const t = useTranslations("registry.model");
  const kept = new Map(capture.metadata.map(({ path, sha256 }) => [path, sha256]));
  return (
    <FilesTable
      files={capture.files.map((file) => ({
        ...file,
        lfsSha256: file.lfsSha256 ?? kept.get(file.path) ?? null,
      }))}
      caption={t("filesCaption", { count: capture.files.length, kept: capture.metadata.length })}
    />
  );
}

/** What a capture could not have, in sentences; nothing when it had everything. */
export function CaptureNotes({ capture }: { readonly capture: CaptureDto }) {
  const t = useTranslations("registry.model");
  if (capture.notes.length === 0) return null;
  return (
    <>
      <h3>{t("notes")}</h3>
      <ul>
        {capture.notes.map(({ code, path = "" }) => (
          <li key={`${code} ${path}`}>{t(`note.${code}`, { path })}</li>
        ))}
      </ul>
    </>
  );
}
