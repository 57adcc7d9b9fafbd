import { useTranslations } from "next-intl";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { ModelRowDto } from "@/lib/registry";

/** One registration in a list: <li> for a list of class "entries". */
export function ModelEntry({ model }: { readonly model: ModelRowDto }) {
  const t = useTranslations("registry.list");
  return (
    <li className="entry">
      <div>
        <h3>
          <PageLink href={`/models/${model.id}`}>{model.name}</PageLink>
        </h3>
        <p className="entry-note">
          <code>
            {model.release.source}:{model.release.repository}
          </code>
          {model.licence ? ` · ${model.licence}` : null}
        </p>
      </div>
      <div className="entry-note">
        <Time at={model.createdAt} dayOnly />
        {model.state === "withdrawn" ? <> · {t("withdrawn")}</> : null}
        {model.example ? (
          <>
            {" "}
            <span className="tag">{t("example")}</span>
          </>
        ) : null}
      </div>
      <div className="entry-note">{t("by", { name: model.registrant ?? t("nameless") })}</div>
    </li>
  );
}
