import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DateRests } from "@/components/log/date-rests";
import { Hash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import type { CaptureDto, RecordedCaptureDto } from "@/lib/registry";
import { ReleaseLink } from "./release-link";

/** What was observed of a release, as facts. The same on the preview and on the page of a registration. */
export function CaptureFacts({
  capture,
  children,
}: {
  /** One that nothing public rests on yet has no date on record. */
  readonly capture: CaptureDto & Partial<Pick<RecordedCaptureDto, "date">>;
  /** Further facts: <dt> and <dd>. */
  readonly children?: ReactNode;
}) {
  const t = useTranslations("registry.model");
  const { release, declared, tensors } = capture;
  return (
    <dl className="facts">
      <dt>{t("repository")}</dt>
      <dd>
        <ReleaseLink release={release} />
      </dd>
      <dt>{t("commit")}</dt>
      <dd>
        <Hash value={release.commit} />
      </dd>
      <dt>{t("observed")}</dt>
      <dd>
        <Time at={capture.observedAt} />
        <DateRests date={capture.date ?? null} />
      </dd>
      <dt>{t("licence")}</dt>
      <dd>{capture.licence ?? t("unknown")}</dd>
      <dt>{t("base")}</dt>
      <dd>{declared.baseModels.length === 0 ? t("baseNone") : <DeclaredBase declared={declared} />}</dd>
      <dt>{t("tensors")}</dt>
      <dd>
        {tensors === null
          ? t("tensorsNone")
          : tensors.parameters === null
            ? t("tensorsNamed", { count: tensors.count, shards: tensors.shards })
            : t("tensorsKnown", {
                count: tensors.count,
                parameters: tensors.parameters,
                shards: tensors.shards,
              })}
      </dd>
      {tensors === null ? null : (
        <>
          <dt>{t("table")}</dt>
          <dd>
            <Hash value={`sha256:${tensors.table}`} />
          </dd>
        </>
      )}
      {tensors?.structure ? (
        <>
          <dt>{t("structure")}</dt>
          <dd>
            <Hash value={`sha256:${tensors.structure}`} />
          </dd>
        </>
      ) : null}
      <Counters capture={capture} />
      {children}
    </dl>
  );
}

function DeclaredBase({ declared }: { readonly declared: CaptureDto["declared"] }) {
  const t = useTranslations("registry.model");
  return (
    <>
      {declared.baseModels.map((base) => (
        <div key={base}>
          <code>{base}</code>
        </div>
      ))}
      {declared.relation ? (
        <span className="note">{t("baseRelation", { relation: declared.relation })}</span>
      ) : null}
    </>
  );
}

function Counters({ capture: { likes, downloads } }: { readonly capture: CaptureDto }) {
  const t = useTranslations("registry.model");
  if (likes === null) return null;
  return (
    <>
      <dt>{t("counters")}</dt>
      <dd>{downloads === null ? t("likesText", { likes }) : t("countersText", { likes, downloads })}</dd>
    </>
  );
}
