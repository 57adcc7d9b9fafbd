import { useTranslations } from "next-intl";
import { useId } from "react";
import { CsvLink } from "./csv-link";

export interface RenamePair {
  readonly from: string;
  readonly to: string;
  /** Tensors that carry the name */
  readonly count: number;
}

const rowHeight = 46;
const slipHeight = 28;
const top = 30;

/** One line of a slip holds this many characters of the mono face; longer names are cut in the middle. */
function shortName(name: string, room = 17): string {
  if (name.length <= room) return name;
  const half = Math.floor((room - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

/** Thickness tells the number of tensors, by its logarithm. */
function thickness(count: number): number {
  return Math.min(1.5 + Math.log10(Math.max(count, 1)) * 1.6, 8);
}

/** Two columns of slips joined by threads, and the same as a table. Both sides are listed in the original's order. */
export function RenameMap({ pairs }: { readonly pairs: readonly RenamePair[] }) {
  const t = useTranslations("common.renameMap");
  const id = useId();
  const right = [...new Set(pairs.map(({ to }) => to))];
  const left = [...new Set(pairs.map(({ from }) => from))];
  const height = top + Math.max(left.length, right.length) * rowHeight;
  const middle = (index: number) => top + index * rowHeight + slipHeight / 2;
  const renamed = pairs.filter(({ from, to }) => from !== to).length;
  return (
    <figure className="figure rename-map">
      <figcaption>{t("description", { pairs: renamed, same: pairs.length - renamed })}</figcaption>
      <svg viewBox={`0 0 400 ${height}`} role="img" aria-labelledby={`${id}t`} aria-describedby={`${id}d`}>
        <title id={`${id}t`}>{t("title")}</title>
        <desc id={`${id}d`}>
          {pairs.map(({ from, to, count }) => `${from} → ${to} (${count})`).join("; ")}
        </desc>
        <text className="head" x="0" y="14">
          {t("original")}
        </text>
        <text className="head" x="400" y="14" textAnchor="end">
          {t("suspect")}
        </text>
        {pairs.map(({ from, to, count }) => {
          const y1 = middle(left.indexOf(from));
          const y2 = middle(right.indexOf(to));
          return (
            <g key={`${from} ${to}`}>
              <path
                className="thread"
                data-same={from === to || undefined}
                d={`M140 ${y1}C200 ${y1} 200 ${y2} 260 ${y2}`}
                strokeWidth={thickness(count)}
              />
              <text className="count" x="200" y={(y1 + y2) / 2 + 4}>
                {count}
              </text>
            </g>
          );
        })}
        {left.map((name, index) => (
          <Strip key={name} x={0} y={middle(index)} name={name} />
        ))}
        {right.map((name, index) => (
          <Strip key={name} x={260} y={middle(index)} name={name} />
        ))}
      </svg>
      <details className="more">
        <summary>{t("table")}</summary>
        <div className="table-box">
          <table>
            <thead>
              <tr>
                <th scope="col">{t("original")}</th>
                <th scope="col">{t("suspect")}</th>
                <th scope="col">{t("change")}</th>
                <th scope="col" data-number>
                  {t("tensors")}
                </th>
              </tr>
            </thead>
            <tbody>
              {pairs.map(({ from, to, count }) => (
                <tr key={`${from} ${to}`}>
                  <th scope="row">
                    <code>{from}</code>
                  </th>
                  <td>
                    <code>{to}</code>
                  </td>
                  <td>{from === to ? t("same") : t("renamed")}</td>
                  <td data-number>{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <CsvLink
          title={t("title")}
          name="rename-map"
          rows={[
            ["original", "suspect", "tensors"],
            ...pairs.map(({ from, to, count }) => [from, to, count]),
          ]}
        />
      </details>
    </figure>
  );
}

function Strip({ x, y, name }: { readonly x: number; readonly y: number; readonly name: string }) {
  return (
    <g>
      <rect className="strip" x={x + 0.5} y={y - slipHeight / 2} width="139" height={slipHeight} />
      <text x={x + 10} y={y + 4.5}>
        {shortName(name)}
      </text>
    </g>
  );
}
