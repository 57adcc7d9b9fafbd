import { useTranslations } from "next-intl";
import { DateRests } from "@/components/log/date-rests";
import { Time } from "@/components/marks/time";
import { ReleaseLink } from "@/components/registry/release-link";
import { Empty } from "@/components/states/states";
import type { CheckpointDto } from "@/lib/registry";

/** Where the training of a registered model began, as its registrant says, and when we saw it. */
export function Checkpoints({ checkpoints }: { readonly checkpoints: readonly CheckpointDto[] }) {
  const t = useTranslations("registry.model");
  if (checkpoints.length === 0)
    return (
      <Empty title={t("checkpointsEmptyTitle")} level={3}>
        <p>{t("checkpointsEmptyText")}</p>
      </Empty>
    );
  return (
    <>
      <p className="note measure">{t("checkpointsNote")}</p>
      {checkpoints.map(({ id, release, label, step, observedAt, date }) => (
        <dl className="facts" key={id}>
          <dt>{t("checkpointStep")}</dt>
          <dd>{t(`checkpointLabels.${label}`, { step: step ?? 0 })}</dd>
          <dt>{t("checkpointRelease")}</dt>
          <dd>
            <ReleaseLink release={release} />
          </dd>
          <dt>{t("checkpointSeen")}</dt>
          <dd>
            <Time at={observedAt} />
            <DateRests date={date} />
          </dd>
        </dl>
      ))}
    </>
  );
}
