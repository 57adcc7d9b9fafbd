import { useLocale } from "next-intl";
import type { ReactNode } from "react";
import { LeftAxis } from "./axis";
import { Figure } from "./figure";
import { linearScale } from "./scale";

export interface IntervalPoint {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalSeries {
  /** Written at the end of the series itself, in place of a legend. */
  readonly label: string;
  readonly points: readonly (IntervalPoint | null)[];
}

interface IntervalChartProps {
  readonly title: string;
  readonly caption: ReactNode;
  readonly limits?: ReactNode;
  readonly description: string;
  readonly name: string;
  /** One label a position (a layer), the same for all series. */
  readonly positions: readonly string[];
  readonly positionName: string;
  readonly series: readonly IntervalSeries[];
  /** Values that must be in sight, such as 0 and 1. */
  readonly keep?: readonly number[];
  /** Horizontal lines, each with its meaning. */
  readonly references?: readonly { readonly value: number; readonly label: string }[];
}

const width = 640;
const left = 52;
const right = 468;
const top = 14;

/** A value with its interval at each position, one mark a series; every series carries its own name. */
export function IntervalChart(props: IntervalChartProps) {
  const locale = useLocale();
  const { positions, series } = props;
  const height = 250;
  const bottom = height - 42;
  const all = series.flatMap(({ points }) =>
    points.flatMap((point) => (point ? [point.low, point.high] : [])),
  );
  const scale = linearScale(
    Math.min(...all, ...(props.keep ?? [])),
    Math.max(...all, ...(props.keep ?? [])),
    bottom,
    top,
  );
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const slot = (right - left) / Math.max(positions.length, 1);
  const x = (index: number, of: number) => left + slot * (index + (of + 1) / (series.length + 1));
  const every = Math.max(1, Math.ceil(positions.length / 16));
  const references = props.references ?? [];
  const labels = spread(
    [
      ...series.map(({ points }) => scale.at(points.findLast((point) => point !== null)?.value ?? 0)),
      ...references.map(({ value }) => scale.at(value)),
    ],
    16,
  );
  return (
    <Figure
      {...props}
      width={width}
      height={height}
      columns={[props.positionName, ...series.flatMap(({ label }) => [label, `${label} ↓`, `${label} ↑`])]}
      rows={positions.map((position, index) => [
        position,
        ...series.flatMap(({ points }) => {
          const point = points[index];
          return point ? [point.value, point.low, point.high] : [null, null, null];
        }),
      ])}
    >
      <LeftAxis scale={scale} left={left} right={right} format={(value) => number.format(value)} />
      {references.map(({ value, label }, index) => (
        <g key={label} className="reference">
          <line x1={left} x2={right} y1={scale.at(value)} y2={scale.at(value)} />
          <text className="tick" x={right + 24} y={(labels[series.length + index] ?? 0) + 4}>
            {label}
          </text>
        </g>
      ))}
      {positions.map((position, index) =>
        index % every === 0 ? (
          <text
            key={position}
            className="tick"
            x={left + slot * (index + 0.5)}
            y={bottom + 17}
            textAnchor="middle"
          >
            {position}
          </text>
        ) : null,
      )}
      <text className="tick" x={(left + right) / 2} y={height - 6} textAnchor="middle">
        {props.positionName}
      </text>
      {series.map(({ label, points }, of) => (
        <g key={label} className="series" data-series={of}>
          {points.map((point, index) =>
            point ? (
              <g key={point.label}>
                <line
                  x1={x(index, of)}
                  x2={x(index, of)}
                  y1={scale.at(point.low)}
                  y2={scale.at(point.high)}
                />
                <Mark x={x(index, of)} y={scale.at(point.value)} shape={of} />
              </g>
            ) : null,
          )}
          <Mark x={right + 14} y={labels[of] ?? 0} shape={of} />
          <text x={right + 24} y={(labels[of] ?? 0) + 4}>
            {label}
          </text>
        </g>
      ))}
    </Figure>
  );
}

/** Told apart by shape as well as by tone. */
function Mark({ x, y, shape }: { readonly x: number; readonly y: number; readonly shape: number }) {
  if (shape === 0) return <circle cx={x} cy={y} r="3.4" />;
  if (shape === 1) return <rect x={x - 3} y={y - 3} width="6" height="6" />;
  return <path d={`M${x} ${y - 4}L${x + 4} ${y + 3}H${x - 4}Z`} />;
}

/** Moves labels apart so that none covers another; their order stays. */
export function spread(heights: readonly number[], room: number): number[] {
  const order = heights.map((_, index) => index).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const placed = [...heights];
  for (let i = 1; i < order.length; i++) {
    const [before, now] = [order[i - 1] as number, order[i] as number];
    placed[now] = Math.max(placed[now] as number, (placed[before] as number) + room);
  }
  return placed;
}
