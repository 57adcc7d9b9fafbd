import { useTranslations } from "next-intl";
import { Hash } from "@/components/marks/hash";
import { LogSeal } from "@/components/marks/log-seal";
import { Time } from "@/components/marks/time";
import type { ModelPageDto } from "@/lib/registry";

const named = ["register", "commit", "capture", "withdraw"] as const;

/** The public acts of this page and where they stand in the log. */
export function LogEntries({ entries }: { readonly entries: ModelPageDto["pending"] }) {
  const t = useTranslations("registry.model");
  if (entries.length === 0) return null;
  return (
    <>
      <h3>{t("log")}</h3>
      <LogSeal state="waiting" />
      <ul className="plain-list stack-tight">
        {entries.map((entry) => (
          <li key={entry.statementSha256}>
            <div>{t(`acts.${named.find((kind) => kind === entry.kind) ?? "other"}`)}</div>
            <div>
              <Time at={entry.t} />
            </div>
            <div>
              {t("statementHash")} <Hash value={`sha256:${entry.statementSha256}`} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
