import { useTranslations } from "next-intl";
import { Axes } from "@/components/marks/axes";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { CaseSummaryDto } from "@/lib/cases";

/** Cases as a list: the pair, both axes, the day it last changed. */
export function CaseEntries({ cases }: { readonly cases: readonly CaseSummaryDto[] }) {
  const t = useTranslations("home.cases");
  if (cases.length === 0)
    return (
      <Empty title={t("emptyTitle")} level={3}>
        <p>{t("empty")}</p>
      </Empty>
    );
  return (
    <ul className="entries">
      {cases.map((one) => (
        <li key={one.publicId} className="entry">
          <div>
            <h3>
              <PageLink href={`/cases/${one.publicId}`}>
                {t("pair", { original: one.original, suspect: one.suspect })}
              </PageLink>
            </h3>
            <p className="entry-note">
              <span className="tabular">{one.publicId}</span>
              {" · "}
              <Time at={one.updatedAt} dayOnly />
              {one.documented ? <> · {t("documented")}</> : null}
              {one.example && !one.documented ? <> · {t("example")}</> : null}
            </p>
          </div>
          <div className="entry-note">
            <Axes state={one.state} finding={one.finding} />
          </div>
        </li>
      ))}
    </ul>
  );
}
