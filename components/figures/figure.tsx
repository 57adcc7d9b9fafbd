import { useLocale, useTranslations } from "next-intl";
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
  const locale = useLocale();
  const id = useId();
  const { title, columns, rows } = props;
  return (
    <figure className="figure chart">
      <h3>{title}</h3>
      <figcaption>{props.caption}</figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, a section would be one more landmark */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className="chart-box" role="group" tabIndex={0} aria-label={title}>
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
      </div>
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
                    <BodyCell
                      key={columns[at]}
                      cell={shown(cell, locale)}
                      number={typeof cell === "number"}
                      head={at === 0}
                    />
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

/** The CSV has every digit; the table as many as can be read. */
function shown(cell: Cell, locale: string): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  const digits = Number.isInteger(cell) ? {} : { maximumSignificantDigits: 6 };
  return new Intl.NumberFormat(locale, digits).format(cell);
}

interface BodyCellProps {
  readonly cell: string;
  readonly number: boolean;
  readonly head: boolean;
}

function BodyCell({ cell, number, head }: BodyCellProps) {
  if (head) return <th scope="row">{cell}</th>;
  return <td data-number={number || undefined}>{cell}</td>;
}
