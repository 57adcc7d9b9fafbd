import { useTranslations } from "next-intl";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { JudgementRowDto } from "@/lib/canaries";

/** Every pair that was judged, whatever came out. */
export function Judgements({
  setId,
  judgements,
}: {
  readonly setId: string;
  readonly judgements: readonly JudgementRowDto[];
}) {
  const t = useTranslations("canaries.set");
  const says = useTranslations("canaries.judgement.says");
  const run = useTranslations("common.runState");
  const recalled = useTranslations("redaction.recalled");
  if (judgements.length === 0)
    return (
      <Empty title={t("judgementsEmptyTitle")} level={3}>
        <p>{t("judgementsEmptyText")}</p>
      </Empty>
    );
  return (
    <ol className="entries">
      {judgements.map((one) => (
        <li className="entry" key={one.id}>
          <div>
            <h3>
              <PageLink href={`/canaries/${setId}/judgements/${one.id}`}>{one.suspect.name}</PageLink>
            </h3>
          </div>
          <div className="entry-note">
            {one.says === null ? (
              run(one.state)
            ) : one.recalled.length === 0 ? (
              says(one.says)
            ) : (
              <>
                <s>{says(one.says)}</s> {recalled("note", { methods: one.recalled.join(", ") })}
              </>
            )}
          </div>
          <div className="entry-note">
            <Time at={one.createdAt} />
          </div>
        </li>
      ))}
    </ol>
  );
}
