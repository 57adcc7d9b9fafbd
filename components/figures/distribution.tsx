import { useLocale } from "next-intl";
import type { ReactNode } from "react";
import { BottomAxis } from "./axis";
import { Figure } from "./figure";
import { spread } from "./interval-chart";
import { linearScale } from "./scale";

interface DistributionProps {
  readonly title: string;
  readonly caption: ReactNode;
  readonly limits?: ReactNode;
  readonly description: string;
  readonly name: string;
  /** Bars: [from, to, height]. */
  readonly bars: readonly (readonly [number, number, number])[];
  readonly barsLabel: string;
  /** A curve over the bars in the same unit: [x, height]. */
  readonly curve?: { readonly label: string; readonly points: readonly (readonly [number, number])[] };
  /** Vertical lines, each with its words. */
  readonly marks?: readonly { readonly value: number; readonly label: string }[];
  readonly xName: string;
}

const width = 640;
const left = 34;
const right = 606;
const height = 270;

/** A distribution as bars, with an expected curve or with observed values marked in the same picture. */
export function Distribution(props: DistributionProps) {
  const locale = useLocale();
  const { bars, curve, marks = [] } = props;
  const top = 30 + marks.length * 16;
  const bottom = height - 42;
  const edges = bars.map(([from]) => from).concat(bars.map(([, to]) => to));
  const ends = [...edges, ...marks.map(({ value }) => value)];
  const x = linearScale(Math.min(...ends), Math.max(...ends), left, right, 7);
  const tallest = Math.max(
    ...bars.map(([, , tall]) => tall),
    ...(curve?.points.map(([, tall]) => tall) ?? []),
    Number.MIN_VALUE,
  );
  const y = (tall: number) => Math.round((bottom - (tall / tallest) * (bottom - top)) * 100) / 100;
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const heights = spread(
    marks.map((_, index) => 32 + index * 16),
    16,
  );
  return (
    <Figure
      {...props}
      width={width}
      height={height}
      columns={[props.xName, props.barsLabel, ...(curve ? [curve.label] : [])]}
      rows={[
        ...bars.map(([from, to, tall], index) => [
          Number(((from + to) / 2).toPrecision(6)),
          tall,
          ...(curve ? [curve.points[index]?.[1] ?? null] : []),
        ]),
        ...marks.map(({ value, label }) => [value, label, ...(curve ? [null] : [])]),
      ]}
    >
      <BottomAxis scale={x} top={bottom} bottom={bottom + 4} format={(value) => number.format(value)} />
      {bars.map(([from, to, tall]) =>
        tall > 0 ? (
          <rect
            key={from}
            className="bar"
            x={x.at(from)}
            y={y(tall)}
            width={Math.max(Math.round((x.at(to) - x.at(from)) * 100) / 100 - 0.5, 0.4)}
            height={Math.round((bottom - y(tall)) * 100) / 100}
          />
        ) : null,
      )}
      {curve ? (
        <path
          className="curve"
          d={`M${curve.points.map(([at, tall]) => `${x.at(at)} ${y(tall)}`).join("L")}`}
        />
      ) : null}
      {curve ? <CurveLabel label={curve.label} at={shoulder(curve.points, tallest)} x={x.at} y={y} /> : null}
      <text className="tick" x={left} y="13">
        ↑ {props.barsLabel}
      </text>
      {marks.map(({ value, label }, index) => {
        const at = x.at(value);
        const end = at > width * 0.6;
        return (
          <g key={label} className="mark">
            <line x1={at} x2={at} y1={(heights[index] ?? 0) - 4} y2={bottom} />
            <text x={end ? at - 6 : at + 6} y={heights[index]} textAnchor={end ? "end" : "start"}>
              {label}
            </text>
          </g>
        );
      })}
      <text className="tick" x={(left + right) / 2} y={height - 6} textAnchor="middle">
        {props.xName}
      </text>
    </Figure>
  );
}

/** The first point on the falling side that is low enough for words to stand beside it. */
function shoulder(points: readonly (readonly [number, number])[], tallest: number) {
  const peak = points.reduce((best, [, tall], at) => (tall > (points[best]?.[1] ?? 0) ? at : best), 0);
  return points.find(([, tall], at) => at > peak && tall < tallest * 0.3) ?? points.at(-1);
}

interface CurveLabelProps {
  readonly label: string;
  readonly at: readonly [number, number] | undefined;
  readonly x: (value: number) => number;
  readonly y: (tall: number) => number;
}

function CurveLabel({ label, at, x, y }: CurveLabelProps) {
  if (at === undefined) return null;
  return (
    <text x={x(at[0]) + 10} y={y(at[1]) - 4}>
      {label}
    </text>
  );
}
