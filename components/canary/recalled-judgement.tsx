import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Notice } from "@/components/states/states";

/** What a recalled judge said, struck through under a notice; as it is where its version stands. */
export function RecalledJudgement({
  recalled,
  children,
}: {
  readonly recalled: readonly string[];
  readonly children: ReactNode;
}) {
  const t = useTranslations("redaction.recalled");
  if (recalled.length === 0) return children;
  return (
    <>
      <Notice title={t("title")}>
        <p>{t("text", { methods: recalled.join(", ") })}</p>
      </Notice>
      <del className="recalled">{children}</del>
    </>
  );
}
