import { useTranslations } from "next-intl";
import { type ConfigEdit, ConfigEdits } from "@/components/data/config-edits";
import type { ConfigStatistics } from "@/lib/engine/methods/architecture/schema";

/** config.json as a list of real edits, and what the given ancestor does not explain. */
export function ConfigComparison({ config }: { readonly config: ConfigStatistics }) {
  const t = useTranslations("result.config");
  const beyond = config.beyondAncestors;
  return (
    <>
      <h3>{t("title")}</h3>
      <p className="note">
        <code>{config.files.original}</code> · <code>{config.files.suspect}</code>
      </p>
      <ConfigEdits edits={editsOf(config)} equal={config.equal.length} />
      {config.equal.length > 0 ? (
        <details className="more">
          <summary>{t("equalKeys")}</summary>
          <p className="measure">
            {config.equal.map((key, index) => (
              <span key={key}>
                {index > 0 ? " · " : ""}
                <code>{key}</code>
              </span>
            ))}
          </p>
        </details>
      ) : null}
      {beyond && beyond.ancestorsRead > 0 ? (
        <div className="stack stack-tight">
          <p>{t("ancestors", { ordinary: beyond.ordinary.suspect, shared: beyond.shared.length })}</p>
          <ul>
            {beyond.shared.map(({ key, value }) => (
              <li key={key}>
                <code>
                  {key} = {text(value)}
                </code>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

function editsOf(config: ConfigStatistics): ConfigEdit[] {
  return [
    ...config.renamed.map((edit) => ({
      kind: "renamed" as const,
      key: edit.original,
      newKey: edit.suspect,
      was: text(edit.value),
      is: text(edit.value),
    })),
    ...config.differ.map((edit) => ({
      kind: "changed" as const,
      key: edit.key,
      was: text(edit.original),
      is: text(edit.suspect),
    })),
    ...config.onlyOriginal.map(({ key, value }) => ({
      kind: "removed" as const,
      key,
      was: text(value),
      is: null,
    })),
    ...config.onlySuspect.map(({ key, value }) => ({
      kind: "added" as const,
      key,
      was: null,
      is: text(value),
    })),
  ];
}

function text(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 400 ? `${json.slice(0, 400)}…` : json;
}
