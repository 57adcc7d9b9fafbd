import { useTranslations } from "next-intl";
import { CsvLink } from "./csv-link";

export interface ConfigEdit {
  readonly kind: "added" | "removed" | "changed" | "renamed";
  /** Key path on the side where it stands (for a renamed key: in the original) */
  readonly key: string;
  /** Key path in the suspect release, of a renamed key */
  readonly newKey?: string;
  /** Values as JSON text; null where the side has no such key */
  readonly was: string | null;
  readonly is: string | null;
}

/** In this order: what was touched first, what stands on one side only after it. */
const kinds = ["renamed", "changed", "removed", "added"] as const;
const signs = { added: "+", removed: "−", changed: "≠", renamed: "→" } as const;

/** The real differences of two configurations, by kind: a sign, the key, the two values side by side. */
export function ConfigEdits({
  edits,
  equal,
}: {
  readonly edits: readonly ConfigEdit[];
  readonly equal: number;
}) {
  const t = useTranslations("common.edits");
  return (
    <div className="stack">
      <p>{t("equal", { count: equal })}</p>
      {kinds.map((kind) => {
        const some = edits.filter((edit) => edit.kind === kind);
        if (some.length === 0) return null;
        return (
          <section key={kind} className="edit-group">
            <h4>
              <span className="edit-sign" aria-hidden="true">
                {signs[kind]}
              </span>{" "}
              {t(`${kind}Group`, { count: some.length })}
            </h4>
            <ul className="edits">
              {some.map((edit) => (
                <li className="edit" key={edit.key}>
                  <code className="edit-key">{edit.key}</code>
                  <EditValues edit={edit} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {edits.length > 0 ? (
        <CsvLink
          title={t("csvTitle")}
          name="config-edits"
          rows={[
            ["kind", "key", "key_in_suspect", "original", "suspect"],
            ...edits.map(({ kind, key, newKey, was, is }) => [kind, key, newKey ?? null, was, is]),
          ]}
        />
      ) : null}
    </div>
  );
}

function EditValues({ edit }: { readonly edit: ConfigEdit }) {
  const t = useTranslations("common.edits");
  if (edit.kind === "added" || edit.kind === "removed")
    return <code className="edit-values">{edit.kind === "added" ? edit.is : edit.was}</code>;
  const [before, after] = edit.kind === "renamed" ? [edit.key, edit.newKey] : [edit.was, edit.is];
  return (
    <span className="edit-values edit-pair">
      <del>
        <span className="visually-hidden">{t("before")}</span>
        <code>{before}</code>
      </del>
      <span className="edit-arrow" aria-hidden="true">
        →
      </span>
      <ins>
        <span className="visually-hidden">{t("after")}</span>
        <code>{after}</code>
      </ins>
    </span>
  );
}
