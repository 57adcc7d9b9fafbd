import { useLocale, useTranslations } from "next-intl";
import { DotRows } from "@/components/figures/dot-rows";

export interface AgreementRow {
  readonly name: string;
  readonly bothWrong: number;
  readonly sameWrong: number;
  /** Why it was left out, in the reader's language; null when it counts. */
  readonly excluded: string | null;
}

interface AgreementProps {
  readonly suspect: AgreementRow;
  readonly references: readonly AgreementRow[];
  /** File name of the CSV. */
  readonly name: string;
}

const shareOf = ({ bothWrong, sameWrong }: AgreementRow) => (bothWrong === 0 ? null : sameWrong / bothWrong);
const short = (text: string) => (text.length > 26 ? `${text.slice(0, 25)}…` : text);

/** The suspect's agreement on mistakes and, in the same figure, every reference's. */
export function Agreement({ suspect, references, name }: AgreementProps) {
  const t = useTranslations("canaries.judgement");
  const locale = useLocale();
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const share = (value: number | null) => (value === null ? "–" : percent.format(value));
  const counted = references
    .filter(({ excluded }) => excluded === null)
    .map(shareOf)
    .filter((value) => value !== null);
  const note = (row: AgreementRow) =>
    t("agreementNote", { same: row.sameWrong, both: row.bothWrong }) +
    (row.excluded === null ? "" : ` · ${t("excluded")}`);
  const rows = [suspect, ...references];
  return (
    <DotRows
      title={t("agreementTitle")}
      caption={
        counted.length === 0
          ? t("agreementCaptionAlone", { suspect: suspect.name, share: share(shareOf(suspect)) })
          : t("agreementCaption", {
              suspect: suspect.name,
              share: share(shareOf(suspect)),
              low: share(Math.min(...counted)),
              high: share(Math.max(...counted)),
            })
      }
      limits={t("agreementLimits")}
      description={t("agreementDescription")}
      name={name}
      xName={t("agreementX")}
      dots={rows.map((row, at) => ({
        label: short(row.name),
        subject: at === 0,
        value: shareOf(row),
        note: note(row),
      }))}
      keep={[0, 1]}
      columns={[t("model"), t("both"), t("same"), t("share"), t("excludedWhy")]}
      rows={rows.map((row, at) => [
        at === 0 ? `${row.name} (${t("suspect")})` : row.name,
        row.bothWrong,
        row.sameWrong,
        share(shareOf(row)),
        row.excluded,
      ])}
    />
  );
}
