import type { ReactNode } from "react";
import { Figure } from "./figure";

export interface StripRow {
  readonly label: string;
  /** Rows matched to their own index, one number a window. */
  readonly windows: readonly number[];
  readonly note: string;
}

export interface StripGroup {
  readonly title: string;
  readonly rows: readonly StripRow[];
}

interface WindowStripsProps {
  readonly title: string;
  readonly caption: ReactNode;
  readonly limits?: ReactNode;
  readonly description: string;
  readonly name: string;
  readonly groups: readonly StripGroup[];
  /** Rows in a full window. */
  readonly full: number;
  readonly columns: readonly [string, string, string];
}

const width = 640;
const left = 92;
const right = 540;
const rowHeight = 15;

/** One row of slips a layer: each slip is a window, darker the more of its rows match themselves. */
export function WindowStrips(props: WindowStripsProps) {
  const { groups } = props;
  let y = 0;
  const placed = groups.map((group) => {
    const start = y;
    y += 24 + group.rows.length * rowHeight + 10;
    return { ...group, y: start };
  });
  const most = Math.max(1, ...groups.flatMap(({ rows }) => rows.map(({ windows }) => windows.length)));
  const slip = (right - left) / most;
  return (
    <Figure
      {...props}
      width={width}
      height={y}
      columns={props.columns}
      rows={groups.flatMap(({ title, rows }) =>
        rows.map((row) => [`${title} · ${row.label}`, row.note, row.windows.join(" ")]),
      )}
    >
      {placed.map((group) => (
        <g key={group.title}>
          <text className="head" x="0" y={group.y + 14}>
            {group.title}
          </text>
          {group.rows.map((row, at) => (
            <g key={row.label}>
              <text className="tick" x={left - 8} y={group.y + 24 + at * rowHeight + 10} textAnchor="end">
                {row.label}
              </text>
              {row.windows.map((matched, window) => (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: windows have no other name than their place
                  key={window}
                  className="window"
                  x={round(left + window * slip)}
                  y={group.y + 24 + at * rowHeight}
                  width={round(Math.max(slip - 1, 0.5))}
                  height={rowHeight - 3}
                  fillOpacity={round(0.06 + 0.94 * (matched / props.full))}
                />
              ))}
              <text className="tick" x={right + 8} y={group.y + 24 + at * rowHeight + 10}>
                {row.note}
              </text>
            </g>
          ))}
        </g>
      ))}
    </Figure>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
