import { useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import { Time } from "@/components/marks/time";
import type { LogSummary } from "@/lib/ledger";

/** Name, size, newest checkpoint, key of the log, and who else vouches for it. */
export function LogNow({ summary }: { readonly summary: LogSummary }) {
  const t = useTranslations("log.now");
  return (
    <dl className="facts">
      <dt>{t("origin")}</dt>
      <dd>
        <code>{summary.origin}</code>
      </dd>
      <dt>{t("size")}</dt>
      <dd className="tabular">{summary.size.toLocaleString("en")}</dd>
      <dt>{t("checkpoint")}</dt>
      <dd>
        <Time at={summary.checkpointAt} relative />
      </dd>
      <dt>{t("root")}</dt>
      <dd>
        <Hash value={summary.root} />
      </dd>
      <dt>{t("key")}</dt>
      <dd>
        <code className="verifier-key">{summary.verifierKey}</code>
        <div className="note">{t("keyNote")}</div>
      </dd>
      <OtherKeys summary={summary} />
      <dt>{t("witnesses")}</dt>
      <dd>
        {summary.witnesses.length === 0 ? (
          t("noWitness")
        ) : (
          <ul className="plain-list">
            {summary.witnesses.map((witness) => (
              <li key={witness.name}>
                {witness.name} <Time at={witness.time} />
              </li>
            ))}
          </ul>
        )}
      </dd>
      <dt>{t("timestamps")}</dt>
      <dd>
        {summary.timestamp === null ? (
          t("noTimestamp")
        ) : (
          <>
            {summary.timestamp.authority} <Time at={summary.timestamp.time} />
          </>
        )}
      </dd>
    </dl>
  );
}

/** Keys from before a rotation, and one that has just been named: each with the time of its use. */
function OtherKeys({ summary }: { readonly summary: LogSummary }) {
  const t = useTranslations("log.now");
  const others = summary.keys.filter(({ verifierKey }) => verifierKey !== summary.verifierKey);
  if (others.length === 0) return null;
  return (
    <>
      <dt>{t("otherKeys")}</dt>
      <dd>
        <ul className="plain-list stack-tight">
          {others.map(({ verifierKey, since, replacedAt, signs }) => (
            <li key={verifierKey}>
              <code className="verifier-key">{verifierKey}</code>
              <div className="note">
                {t.rich(replacedAt === null ? "keyComing" : signs ? "keySigns" : "keySilent", {
                  since: () => <Time at={since} />,
                  until: () => <Time at={replacedAt ?? since} />,
                })}
              </div>
            </li>
          ))}
        </ul>
        <div className="note">{t("otherKeysNote")}</div>
      </dd>
    </>
  );
}
