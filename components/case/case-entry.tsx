import { useTranslations } from "next-intl";
import { FindingMark, ProcedureMark } from "@/components/marks/axes";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { CaseSummaryDto } from "@/lib/cases";

/** One case in a list: <li> for a list of class "entries". */
export function CaseEntry({ item }: { readonly item: CaseSummaryDto }) {
  const t = useTranslations("cases");
  return (
    <li className="entry">
      <div>
        <h3>
          <PageLink href={`/cases/${item.publicId}`}>
            {t("title", { suspect: item.suspect, original: item.original })}
          </PageLink>
        </h3>
        <p className="entry-note">
          <span className="tabular">{item.publicId}</span>
          {item.claimKinds.length > 0
            ? ` · ${t("list.claimed", { kinds: item.claimKinds.map((kind) => t(`claimKind.${kind}`)).join(" · ") })}`
            : null}
        </p>
      </div>
      <div className="entry-note stack-tight">
        <div>
          <ProcedureMark state={item.state} />
        </div>
        <div>
          <FindingMark finding={item.finding} />
        </div>
      </div>
      <div className="entry-note">
        {t("list.changed")} <Time at={item.updatedAt} dayOnly />
        {item.documented ? (
          <>
            {" "}
            <span className="tag">{t("documented")}</span>
          </>
        ) : null}
        {item.example && !item.documented ? (
          <>
            {" "}
            <span className="tag">{t("example")}</span>
          </>
        ) : null}
      </div>
    </li>
  );
}
