import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { alignedLines } from "@/lib/engine/methods/code/aligned-lines";
import type { CodeView } from "@/lib/engine/methods/code/schema";
import { placeText } from "./code-place";

type Line = CodeView["lines"]["original"][number];

/**
 * Two functions side by side, aligned where their tokens match. What an ancestor has is greyed out; a renamed token is
 * dotted under; what stands on this side only is plain.
 */
export function CodeSideBySide({ view }: { readonly view: CodeView }) {
  const t = useTranslations("result.code");
  const rows = alignedLines(view);
  return (
    <figure className="figure code-pair">
      <figcaption>
        {t("viewCaption", { original: placeText(view.original), suspect: placeText(view.suspect) })}
      </figcaption>
      <div className="table-box" data-tall={rows.length > 24 || undefined}>
        <table className="code-lines">
          <thead>
            <tr>
              <th scope="col" colSpan={2}>
                {t("inOriginal")}
              </th>
              <th scope="col" colSpan={2}>
                {t("inSuspect")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([mine, theirs]) => (
              <tr key={`${mine?.line ?? "-"} ${theirs?.line ?? "-"}`}>
                <Side line={mine} />
                <Side line={theirs} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="note">
        {t.rich("legend", {
          same: (text) => (
            <span className="code-token" data-mark="same">
              {text}
            </span>
          ),
          renamed: (text) => (
            <span className="code-token" data-mark="renamed">
              {text}
            </span>
          ),
          ancestor: (text) => (
            <span className="code-token" data-mark="ancestor">
              {text}
            </span>
          ),
        })}
        {view.cut ? ` ${t("cut")}` : ""}
      </p>
    </figure>
  );
}

function Side({ line }: { readonly line: Line | null }) {
  if (line === null) return <td colSpan={2} className="code-gap" />;
  return (
    <>
      <td className="code-number">{line.line}</td>
      <td>
        <code>{marked(line)}</code>
      </td>
    </>
  );
}

function marked({ text, marks }: Line) {
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (const [start, length, mark] of marks) {
    if (start > at) parts.push(<Fragment key={at}>{text.slice(at, start)}</Fragment>);
    parts.push(
      <span key={`${start}m`} className="code-token" data-mark={mark}>
        {text.slice(start, start + length)}
      </span>,
    );
    at = start + length;
  }
  parts.push(<Fragment key="rest">{text.slice(at)}</Fragment>);
  return parts;
}
