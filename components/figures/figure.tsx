import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { CsvLink } from "@/components/data/csv-link";
import { TableBox } from "@/components/data/table-box";

export type Cell = string | number | null;

interface FigureProps {
  readonly title: string;
  /** The finding in one sentence. */
  readonly caption: ReactNode;
  /** What it does not mean. */
  readonly limits?: ReactNode;
  /** For those who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** File name of the CSV, without its ending. */
  readonly name: string;
  readonly children: ReactNode;
}

const shownRows = 400;

/** A drawing with a title, a description, a sentence that says what it shows, and the same figures as a table. */
export function Figure(props: FigureProps) {
  const t = useTranslations("result.figures");
  const id = useId();
  const { title, columns, rows } = props;
  return (
    <figure className="figure chart">
      <h3>{title}</h3>
      <figcaption>{props.caption}</figcaption>
      <svg
        viewBox={`0 0 ${props.width} ${props.height}`}
        role="img"
        aria-labelledby={`${id}t`}
        aria-describedby={`${id}d`}
      >
        <title id={`${id}t`}>{title}</title>
        <desc id={`${id}d`}>{props.description}</desc>
        {props.children}
      </svg>
      {props.limits ? <p className="note measure">{props.limits}</p> : null}
      <details className="more">
        <summary>{t("table")}</summary>
        <TableBox label={title} tall={rows.length > 14}>
          <table>
            <thead>
              <tr>
                {columns.map((column, index) => (
                  <th key={column} scope="col" data-number={index > 0 || undefined}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shownRows).map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the rows are part of a result that never changes
                <tr key={index}>
                  {row.map((cell, at) => (
                    <BodyCell key={columns[at]} cell={cell} head={at === 0} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
        {rows.length > shownRows ? (
          <p className="note">{t("more", { count: rows.length - shownRows })}</p>
        ) : null}
        <CsvLink title={title} name={props.name} rows={[columns, ...rows]} />
      </details>
    </figure>
  );
}

function BodyCell({ cell, head }: { readonly cell: Cell; readonly head: boolean }) {
  if (head) return <th scope="row">{cell}</th>;
  return <td data-number={typeof cell === "number" || undefined}>{cell ?? "–"}</td>;
}
