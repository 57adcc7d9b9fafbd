import { useTranslations } from "next-intl";
import { InlineHash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { ModelRowDto } from "@/lib/registry";

/** Registrations as a list: the name, the release it pins, the day. */
export function ModelEntries({ models }: { readonly models: readonly ModelRowDto[] }) {
  const t = useTranslations("home.models");
  if (models.length === 0)
    return (
      <Empty title={t("emptyTitle")} level={3}>
        <p>{t("empty")}</p>
      </Empty>
    );
  return (
    <ul className="entries">
      {models.map((model) => (
        <li key={model.id} className="entry">
          <div>
            <h3>
              <PageLink href={`/models/${model.id}`}>{model.name}</PageLink>
            </h3>
            <p className="entry-note">
              {model.release.repository} @ <InlineHash value={model.release.commit} />
            </p>
          </div>
          <div className="entry-note">
            <Time at={model.createdAt} dayOnly />
            {model.licence ? <> · {model.licence}</> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
