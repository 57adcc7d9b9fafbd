import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

interface FigureProps {
  /** One sentence: the finding of the figure */
  readonly caption: ReactNode;
  /** An SVG with its own title and description */
  readonly children: ReactNode;
  /** The same numbers as a table */
  readonly table: ReactNode;
}

/** A figure drawn on the server, with the numbers behind it. */
export function Figure({ caption, children, table }: FigureProps) {
  const t = useTranslations("common.figure");
  return (
    <figure className="figure">
      <figcaption>{caption}</figcaption>
      {children}
      <details className="more">
        <summary>{t("table")}</summary>
        {table}
      </details>
    </figure>
  );
}
