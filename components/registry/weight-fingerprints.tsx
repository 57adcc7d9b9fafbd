import { useLocale, useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import { formatSize } from "@/components/marks/size";
import { Time } from "@/components/marks/time";
import { Empty } from "@/components/states/states";
import type { FingerprintJobDto, ModelPageDto, WeightFingerprintDto } from "@/lib/registry";

/** Fingerprints of a registered model's weights: what they are, who made them, and how far they may be relied on. */
export function WeightFingerprints({
  weightFingerprints,
  fingerprintJobs,
}: Pick<ModelPageDto, "weightFingerprints" | "fingerprintJobs">) {
  const t = useTranslations("registry.model");
  return (
    <>
      {weightFingerprints.length === 0 && fingerprintJobs.length === 0 ? (
        <Empty title={t("weightsEmptyTitle")} level={3}>
          <p>{t("weightsEmptyText")}</p>
        </Empty>
      ) : (
        <p className="note measure">{t("weightsNote")}</p>
      )}
      {weightFingerprints.map((fingerprint) => (
        <WeightFingerprint key={fingerprint.id} fingerprint={fingerprint} />
      ))}
      {fingerprintJobs.map((job) => (
        <FingerprintJob key={job.id} job={job} />
      ))}
    </>
  );
}

function WeightFingerprint({ fingerprint }: { readonly fingerprint: WeightFingerprintDto }) {
  const t = useTranslations("registry.model");
  const locale = useLocale();
  const { schema, digest, origin, file, size, tensors, commit, signedBy, build, createdAt } = fingerprint;
  const kind = schema.includes("-light/") ? "light" : "full";
  return (
    <>
      <h3>{t(`weightKinds.${kind}`)}</h3>
      <dl className="facts">
        <dt>{t("weightOrigin")}</dt>
        <dd>
          {t(origin === "author" ? "originAuthor" : "originComputed")}
          {origin === "author" ? <p className="note">{t("authorLimits")}</p> : null}
          <p className="note">{t(kind === "light" ? "lightLimits" : "fullLimits")}</p>
        </dd>
        <dt>{t("weightDigest")}</dt>
        <dd>
          <Hash value={`sha256:${digest}`} />
          <p className="note">
            <code>{schema}</code>
          </p>
        </dd>
        <dt>{t("weightDate")}</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
        <dt>{t("weightOf")}</dt>
        <dd>{commit === null ? t("weightNoCommit") : <Hash value={commit} />}</dd>
        {origin === "author" ? (
          <>
            <dt>{t("weightSigned")}</dt>
            <dd>
              {signedBy === null ? (
                t("weightUnsigned")
              ) : (
                <>
                  <Hash value={signedBy} />
                  <p className="note">{t("weightSignedNote")}</p>
                </>
              )}
            </dd>
          </>
        ) : (
          <>
            <dt>{t("weightBuild")}</dt>
            <dd>
              <Hash value={build} />
            </dd>
          </>
        )}
        <dt>{t("weightFile")}</dt>
        <dd>
          <a
            href={`/api/v1/fingerprints/${digest}/document`}
            download={`fingerprint-${digest.slice(0, 12)}.json`}
          >
            {t("weightDownload", { size: formatSize(size, locale), tensors })}
          </a>
          <Hash value={`sha256:${file}`} />
        </dd>
      </dl>
    </>
  );
}

/** A computation that has not led to a fingerprint: where it stands, or why it ended. */
export function FingerprintJob({ job }: { readonly job: FingerprintJobDto }) {
  const t = useTranslations("registry.model.jobs");
  const errors = useTranslations("errors");
  const locale = useLocale();
  const { kind, state, progress, failure } = job;
  if (state === "queued" || state === "cancelled") return <p>{t(state, { kind })}</p>;
  if (state === "running") {
    const part = progress && progress.total > 0 ? progress.done / progress.total : 0;
    const percent = Math.floor(100 * Math.min(1, part));
    return <p>{t("running", { kind, percent, read: formatSize(progress?.bytesRead ?? 0, locale) })}</p>;
  }
  const code = failure?.code ?? "internal";
  return (
    <p>
      {t("failed", {
        kind,
        why: errors.has(code as "internal") ? errors(code as "internal") : errors("internal"),
      })}
    </p>
  );
}
