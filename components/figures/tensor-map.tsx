import type { ReactNode } from "react";
import { type Cell, Figure } from "./figure";

export interface MapCell {
  readonly column: string;
  readonly row: string;
  /** Index into `kinds`. */
  readonly kind: number;
}

interface TensorMapProps {
  readonly title: string;
  readonly caption: ReactNode;
  readonly limits?: ReactNode;
  readonly description: string;
  readonly name: string;
  readonly kinds: readonly string[];
  readonly cells: readonly MapCell[];
  readonly columnName: string;
  readonly columns: readonly string[];
  /** Every tensor, also where several share a cell. */
  readonly rows: readonly (readonly Cell[])[];
}

const left = 206;
const width = 640;
const rowHeight = 18;
const head = 42;

/** What came from where: a column a layer, a row a kind of tensor, each cell filled by its own pattern. */
export function TensorMap(props: TensorMapProps) {
  const columns = [...new Set(props.cells.map(({ column }) => column))];
  const lines = [...new Set(props.cells.map(({ row }) => row))];
  const cell = Math.min(36, (width - left) / Math.max(columns.length, 1));
  const every = Math.max(1, Math.ceil(columns.length / 24));
  const bottom = head + lines.length * rowHeight;
  const used = props.kinds
    .map((label, kind) => ({ label, kind }))
    .filter(({ kind }) => props.cells.some((one) => one.kind === kind));
  return (
    <Figure {...props} width={width} height={bottom + 14 + used.length * 20}>
      <text className="tick" x={left} y="13">
        {props.columnName}
      </text>
      {columns.map((column, index) =>
        index % every === 0 ? (
          <text key={column} className="tick" x={left + (index + 0.5) * cell} y="33" textAnchor="middle">
            {column}
          </text>
        ) : null,
      )}
      {lines.map((row, index) => (
        <text key={row} className="tick" x={left - 8} y={head + index * rowHeight + 13} textAnchor="end">
          {shortened(row)}
        </text>
      ))}
      {props.cells.map(({ column, row, kind }) => (
        <MapMark
          key={`${row} ${column}`}
          x={left + columns.indexOf(column) * cell}
          y={head + lines.indexOf(row) * rowHeight}
          size={cell - 1}
          kind={kind}
        />
      ))}
      {used.map(({ label, kind }, index) => {
        const x = left;
        const y = bottom + 12 + index * 20;
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
  if (kind === 5) return <rect className="cell" data-kind="5" {...box} />;
  return <path className="cell" data-kind="4" d={`M${x} ${y + tall / 2}H${x + size}`} />;
}

/** Both ends of a tensor's name tell most; the table has it whole. */
function shortened(name: string, room = 26): string {
  if (name.length <= room) return name;
  return `${name.slice(0, 9)}…${name.slice(10 - room)}`;
}
