import { useTranslations } from "next-intl";
import { CopyButton } from "./copy-button";

interface HashProps {
  /** The whole value: hex, "sha256:…", a commit, an id; null reads "not recorded" */
  readonly value: string | null;
  /** Digits kept at each end */
  readonly ends?: number;
}

function shorten(value: string, ends: number): readonly [string, string, string] {
  const colon = value.indexOf(":") + 1;
  if (value.length <= colon + ends * 2 + 2) return [value, "", ""];
  return [value.slice(0, colon + ends), value.slice(colon + ends, -ends), value.slice(-ends)];
}

/** Shortened in the middle; the whole value is one tap away and copyable. A block: not inside a paragraph. */
export function Hash({ value, ends = 6 }: HashProps) {
  const t = useTranslations("common.hash");
  if (value === null) return <span className="note">{t("none")}</span>;
  const [start, middle, end] = shorten(value, ends);
  if (middle === "") return <code className="hash-inline">{value}</code>;
  return (
    <details className="hash">
      <summary>
        <code>
          {start}…{end}
        </code>
        <span className="visually-hidden">, {t("whole")}</span>
      </summary>
      <span className="hash-whole">
        <code>{value}</code>
        <CopyButton value={value} label={t("copy")} doneLabel={t("copied")} />
      </span>
    </details>
  );
}

/** For running text: shortened to the eye, whole when copied. */
export function InlineHash({ value, ends = 6 }: { readonly value: string; readonly ends?: number }) {
  const [start, middle, end] = shorten(value, ends);
  return (
    <code className="hash-inline" title={value}>
      {start}
      {middle === "" ? null : (
        <>
          <span className="hash-middle">{middle}</span>
          <span aria-hidden="true" style={{ userSelect: "none" }}>
            …
          </span>
        </>
      )}
      {end}
    </code>
  );
}
