import { useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import type { EntryPage } from "@/lib/ledger";
import { SourceBox } from "./source-box";

/** What was stated, indented for reading, and where the texts are that it cites. */
export function Statement({ entry, json }: { readonly entry: EntryPage; readonly json: string }) {
  const t = useTranslations("log.entry");
  return (
    <>
      <p className="measure">{t("statementNote")}</p>
      <SourceBox label={t("statement")} text={JSON.stringify(JSON.parse(json), null, 2)} />
      <dl className="facts">
        <dt>{t("statementHash")}</dt>
        <dd>
          <Hash value={`sha256:${entry.pae}`} />
        </dd>
        {entry.payloads.length === 0 ? null : (
          <>
            <dt>{t("payloads")}</dt>
            <dd>
              <ul className="plain-list">
                {entry.payloads.map(({ digest, here }) => (
                  <li key={digest}>
                    {here ? (
                      <a href={`/api/v1/blobs/sha256/${digest}`}>
                        <code>
                          sha256:{digest.slice(0, 6)}…{digest.slice(-6)}
                        </code>
                      </a>
                    ) : (
                      <>
                        <code>
                          sha256:{digest.slice(0, 6)}…{digest.slice(-6)}
                        </code>{" "}
                        {t("payloadGone")}
                      </>
                    )}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </>
  );
}
