import { useTranslations } from "next-intl";
import { Axes, type FindingCode, type ProcedureState } from "@/components/marks/axes";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { ModelCaseDto } from "@/lib/registry";

/** Cases that name the release, with both axes. */
export function Cases({ cases }: { readonly cases: readonly ModelCaseDto[] }) {
  const t = useTranslations("registry.model");
  const common = useTranslations("common");
  if (cases.length === 0)
    return (
      <Empty title={t("casesEmptyTitle")} level={3}>
        <p>{t("casesEmptyText")}</p>
      </Empty>
    );
  return (
    <>
      <ol className="entries">
        {cases.map((found) => (
          <li className="entry" key={`${found.publicId} ${found.role}`}>
            <div>
              <h3>
                <PageLink href={`/cases/${found.publicId}`}>{found.publicId}</PageLink>
              </h3>
              <p className="entry-note">
                {t("role", { role: common(`roles.${found.role as "original"}`) })}
                {found.openedAt ? (
                  <>
                    {" · "}
                    <Time at={found.openedAt} dayOnly />
                  </>
                ) : null}
              </p>
            </div>
            <Axes state={found.state as ProcedureState} finding={found.finding as FindingCode} />
          </li>
        ))}
      </ol>
      <p className="not-a-finding">{common("notAFinding")}</p>
    </>
  );
}
