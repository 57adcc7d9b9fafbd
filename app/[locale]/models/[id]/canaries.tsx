import { useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import { Empty } from "@/components/states/states";
import type { CommitmentDto } from "@/lib/registry";

/** Commitments to secret canary sets: public values and date, nothing that would open them. */
export function Canaries({ commitments }: { readonly commitments: readonly CommitmentDto[] }) {
  const t = useTranslations("registry.model");
  if (commitments.length === 0)
    return (
      <Empty title={t("canaryEmptyTitle")} level={3}>
        <p>{t("canaryEmptyText")}</p>
      </Empty>
    );
  return (
    <>
      <p className="note measure">{t("canaryNote")}</p>
      {commitments.map((set) => (
        <dl className="facts" key={set.setId}>
          <dt>{t("committed")}</dt>
          <dd>
            <Time at={set.createdAt} />
          </dd>
          <dt>{t("setId")}</dt>
          <dd>
            <Hash value={set.setId} />
          </dd>
          <dt>{t("root")}</dt>
          <dd>
            <Hash value={set.root} />
          </dd>
          <dt>{t("items")}</dt>
          <dd>{set.items}</dd>
          <dt>{t("kind")}</dt>
          <dd>{t(`kinds.${set.kind}`)}</dd>
        </dl>
      ))}
    </>
  );
}
