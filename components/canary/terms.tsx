import { useLocale, useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import { formatMoment, Time } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";
import type { NonceDto } from "@/lib/canaries";
import type { CanaryTerms } from "@/lib/engine/canary";

/** What was fixed before anybody answered, in words. */
export function Terms({ terms, nonce }: { readonly terms: CanaryTerms; readonly nonce: NonceDto }) {
  const t = useTranslations("canaries.set");
  const locale = useLocale() as Locale;
  const oneIn = Math.floor(1 / Number(terms.threshold) + 1e-9);
  const pattern = terms.extractor.kind === "regex" ? terms.extractor.pattern : null;
  return (
    <dl className="facts">
      <dt>{t("termPrimary")}</dt>
      <dd>{t(`primary.${terms.primary}`)}</dd>
      <dt>{t("termThreshold")}</dt>
      <dd>{t("termThresholdText", { value: terms.threshold, n: oneIn })}</dd>
      {terms.generator ? (
        <>
          <dt>{t("termProgram")}</dt>
          <dd>
            <code>{terms.generator.program}</code> · {han(terms.generator.parameters.from)} –{" "}
            {han(terms.generator.parameters.to)}
          </dd>
        </>
      ) : null}
      {terms.options === null ? null : (
        <>
          <dt>{t("termOptions")}</dt>
          <dd>{t("termOptionsText", { count: terms.options })}</dd>
        </>
      )}
      <dt>{t("termPrompt")}</dt>
      <dd>
        <span className="verbatim">{terms.prompt}</span>
      </dd>
      <dt>{t("termExtractor")}</dt>
      <dd>
        {t(`extractor.${terms.extractor.kind}`)}
        {pattern === null ? null : (
          <>
            {" "}
            <code>{pattern}</code>
          </>
        )}
      </dd>
      <dt>{t("termRepeats")}</dt>
      <dd>{t("termRepeatsText", { count: terms.repeats })}</dd>
      <dt>{t("termNormaliser")}</dt>
      <dd>{terms.fold === "none" ? t("termNormaliserText") : t("termNormaliserFold")}</dd>
      <dt>{t("termReferences")}</dt>
      <dd>
        {terms.references.length === 0 ? (
          t("termReferencesNone")
        ) : (
          <ul className="plain-list">
            {terms.references.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        )}
      </dd>
      <dt>{t("termDeadline")}</dt>
      <dd>{formatMoment(new Date(`${terms.deadline}T00:00:00Z`), locale, true)}</dd>
      <dt>{t("termBeacon")}</dt>
      <dd>
        <Beacon beacon={terms.beacon} nonce={nonce} />
      </dd>
    </dl>
  );
}

const han = (point: number) =>
  `U+${point.toString(16).toUpperCase().padStart(4, "0")} ${String.fromCodePoint(point)}`;

function Beacon({ beacon, nonce }: { readonly beacon: CanaryTerms["beacon"]; readonly nonce: NonceDto }) {
  const t = useTranslations("canaries.set");
  if (beacon.kind === "none") return <>{t("beaconNone")}</>;
  return (
    <>
      {beacon.kind === "drand"
        ? t("beaconDrand", { round: beacon.round })
        : t("beaconLog", { size: beacon.size, bits: beacon.grindBits })}
      {nonce.state === "known" ? (
        <>
          <br />
          <span className="note">{beacon.kind === "drand" ? t("beaconKnown") : t("beaconKnownLog")}</span>{" "}
          <Hash value={nonce.nonce} /> <Time at={nonce.at} />
        </>
      ) : null}
      {nonce.state === "waiting" ? (
        <>
          <br />
          <span className="note">
            {nonce.failure === null ? t("beaconWaiting") : t("beaconTrouble", { code: nonce.failure })}{" "}
            {nonce.dueAt ? <Time at={nonce.dueAt} /> : null}
          </span>
        </>
      ) : null}
    </>
  );
}
