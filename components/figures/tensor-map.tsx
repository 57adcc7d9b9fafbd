import type { ReactNode } from "react";
import { Figure } from "./figure";

export interface MapCell {
  readonly column: string;
  readonly row: string;
  /** Index into `kinds`. */
  readonly kind: number;
  readonly title: string;
}

interface TensorMapProps {
  readonly title: string;
  readonly caption: ReactNode;
  readonly limits?: ReactNode;
  readonly description: string;
  readonly name: string;
  readonly kinds: readonly string[];
  readonly cells: readonly MapCell[];
  readonly columns: readonly [string, string, string];
}

const left = 118;
const width = 640;
const rowHeight = 18;
const head = 26;

/** What came from where: a column a layer, a row a kind of tensor, each cell filled by its own pattern. */
export function TensorMap(props: TensorMapProps) {
  const columns = [...new Set(props.cells.map(({ column }) => column))];
  const rows = [...new Set(props.cells.map(({ row }) => row))];
  const cell = Math.min(36, (width - left) / Math.max(columns.length, 1));
  const every = Math.max(1, Math.ceil(columns.length / 24));
  const bottom = head + rows.length * rowHeight;
  const used = props.kinds.map((label, kind) => ({ label, kind }));
  return (
    <Figure
      {...props}
      width={width}
      height={bottom + 14 + Math.ceil(used.length / 2) * 20}
      columns={props.columns}
      rows={props.cells.map(({ title, column, kind }) => [title, column, props.kinds[kind] ?? ""])}
    >
      {columns.map((column, index) =>
        index % every === 0 ? (
          <text key={column} className="tick" x={left + (index + 0.5) * cell} y="16" textAnchor="middle">
            {column}
          </text>
        ) : null,
      )}
      {rows.map((row, index) => (
        <text key={row} className="tick" x={left - 8} y={head + index * rowHeight + 13} textAnchor="end">
          {row}
        </text>
      ))}
      {props.cells.map(({ title, column, row, kind }) => (
        <MapMark
          key={title}
          x={left + columns.indexOf(column) * cell}
          y={head + rows.indexOf(row) * rowHeight}
          size={cell - 1}
          kind={kind}
        />
      ))}
      {used.map(({ label, kind }, index) => {
        const x = left + (index % 2) * 260;
        const y = bottom + 12 + Math.floor(index / 2) * 20;
        return (
          <g key={label}>
            <MapMark x={x} y={y} size={18} kind={kind} />
            <text className="tick" x={x + 26} y={y + 12}>
              {label}
            </text>
          </g>
        );
      })}
    </Figure>
  );
}

/** Kinds differ by shape, so that they survive greyscale, print and forced colours. */
function MapMark({
  x,
  y,
  size,
  kind,
}: {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly kind: number;
}) {
  const tall = rowHeight - 3;
  const box = { x, y, width: size, height: tall };
  if (kind === 0) return <rect className="cell" data-kind="0" {...box} />;
  if (kind === 1)
    return (
      <g className="cell" data-kind="1">
        <rect {...box} />
        <path d={`M${x} ${y + tall}L${x + size} ${y}`} />
      </g>
    );
  if (kind === 2)
    return <rect className="cell" data-kind="2" x={x} y={y + tall / 2} width={size} height={tall / 2} />;
  if (kind === 3)
    return (
      <rect
        className="cell"
        data-kind="3"
        x={x + size / 4}
        y={y + tall / 4}
        width={size / 2}
        height={tall / 2}
      />
    );
  return <path className="cell" data-kind="4" d={`M${x} ${y + tall / 2}H${x + size}`} />;
}
