import { useLocale, useTranslations } from "next-intl";
import { formatMoment } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Waiting } from "@/components/states/states";
import type { Locale } from "@/i18n/locales";
import type { CasePageDto } from "@/lib/cases";

/** Appeals that wait for an answer: by which side, on what ground, and where the reasons stand. */
export function Appeals({ appeals }: Pick<CasePageDto, "appeals">) {
  const t = useTranslations("cases");
  const locale = useLocale() as Locale;
  if (appeals.length === 0) return null;
  return (
    <Waiting title={t("appeals.title")}>
      {appeals.map(({ postId, at, by, side, grounds }) => (
        <p key={postId}>
          {t("appeals.text", {
            date: formatMoment(new Date(at), locale),
            by: by === "reporter" ? "reporter" : side === "original" ? "original" : "suspect",
            grounds: t(`why.${grounds}`),
          })}{" "}
          <PageLink href={`/evidence/${postId}`}>{t("appeals.read")}</PageLink>
        </p>
      ))}
    </Waiting>
  );
}
