import { useLocale, useTranslations } from "next-intl";
import type { PanelDto } from "@/lib/canaries";
import { leftOutText } from "./left-out";

/** How many independent reference models have answered, as a judgement counts them, and what fewer than needed means. */
export function Panel({ panel }: { readonly panel: PanelDto }) {
  const t = useTranslations("canaries.set");
  const why = useTranslations("canaries.judgement.leftOutReasons");
  const { registered, families, needed, unasked, leftOut } = panel;
  const locale = useLocale();
  return (
    <div className="stack-tight stack measure">
      <p>
        {t("panelCount", { count: registered, families })}{" "}
        {families >= needed ? t("panelEnough", { needed }) : t("panelFew", { needed, floor: families + 1 })}
      </p>
      {unasked.length === 0 ? null : (
        <p>{t("panelUnasked", { names: new Intl.ListFormat(locale, { type: "unit" }).format(unasked) })}</p>
      )}
      {leftOut.length === 0 ? null : (
        <>
          <p>{t("panelLeftOut")}</p>
          <ul className="plain-list">
            {leftOut.map(({ id, name, reason }) => (
              <li key={id}>
                <a href={`#${id}`}>{name}</a> · <span className="note">{leftOutText(reason, why)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>{t("panelAnybody")}</p>
    </div>
  );
}
