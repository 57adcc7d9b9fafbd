import { useTranslations } from "next-intl";

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

const signs = { added: "+", removed: "−", changed: "≠", renamed: "→" } as const;

/** The real differences of two configurations: a sign, the key, the two values side by side. */
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
      {edits.length === 0 ? null : (
        <ul className="edits">
          {edits.map((edit) => (
            <li className="edit" key={`${edit.kind} ${edit.key}`}>
              <span className="edit-sign" aria-hidden="true">
                {signs[edit.kind]}
              </span>
              <span>
                <code>{edit.key}</code>
                <br />
                <span className="note">{t(edit.kind)}</span>
              </span>
              <span className="edit-values">
                <Value
                  label={t("was")}
                  text={edit.kind === "renamed" ? edit.key : edit.was}
                  absent={t("absent")}
                  old
                />
                <span className="edit-arrow" aria-hidden="true">
                  →
                </span>
                <Value
                  label={t("is")}
                  text={edit.kind === "renamed" ? (edit.newKey ?? edit.key) : edit.is}
                  absent={t("absent")}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ValueProps {
  readonly label: string;
  readonly text: string | null;
  readonly absent: string;
  readonly old?: boolean;
}

function Value({ label, text, absent, old = false }: ValueProps) {
  return (
    <span>
      <span className="visually-hidden">{label}: </span>
      {text === null ? (
        <span className="note">{absent}</span>
      ) : old ? (
        <del>
          <code>{text}</code>
        </del>
      ) : (
        <ins>
          <code>{text}</code>
        </ins>
      )}
    </span>
  );
}
