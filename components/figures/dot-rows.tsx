import { useLocale } from "next-intl";
import type { ReactNode } from "react";
import { BottomAxis } from "./axis";
import { type Cell, Figure } from "./figure";
import { linearScale } from "./scale";

export interface DotRow {
  readonly label: string;
  /** The pair that the result is about; the others are its controls. */
  readonly subject: boolean;
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
  /** The value in words, at the end of its line. */
  readonly note: string;
}

interface DotRowsProps {
  readonly title: string;
  readonly caption: ReactNode;
  readonly limits?: ReactNode;
  readonly description: string;
  readonly name: string;
  readonly xName: string;
  readonly dots: readonly DotRow[];
  /** Values that must be in sight. */
  readonly keep: readonly number[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const width = 640;
const left = 190;
const right = 490;
const rowHeight = 26;

/** One line a comparison, the subject first and filled, its controls hollow under it, on one scale. */
export function DotRows(props: DotRowsProps) {
  const locale = useLocale();
  const { dots } = props;
  const bottom = 8 + dots.length * rowHeight;
  const ends = dots.flatMap(({ value, low, high }) => (value === null ? [] : [low ?? value, high ?? value]));
  const x = linearScale(Math.min(...ends, ...props.keep), Math.max(...ends, ...props.keep), left, right);
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  return (
    <Figure {...props} width={width} height={bottom + 42}>
      <BottomAxis scale={x} top={4} bottom={bottom + 2} format={(value) => number.format(value)} />
      {dots.map(({ label, subject, value, low, high, note }, index) => {
        const y = 8 + (index + 0.5) * rowHeight;
        return (
          <g key={label} className="dot-row" data-subject={subject || undefined}>
            <text className={subject ? "head" : "tick"} x={left - 12} y={y + 4} textAnchor="end">
              {label}
            </text>
            {value === null ? null : (
              <>
                <line className="stem" x1={x.at(0)} x2={x.at(value)} y1={y} y2={y} />
                {low === undefined || high === undefined ? null : (
                  <line className="whisker" x1={x.at(low)} x2={x.at(high)} y1={y} y2={y} />
                )}
                <circle cx={x.at(value)} cy={y} r="5" />
              </>
            )}
            <text className="tick" x={right + 14} y={y + 4}>
              {note}
            </text>
          </g>
        );
      })}
      <text className="tick" x={(left + right) / 2} y={bottom + 36} textAnchor="middle">
        {props.xName}
      </text>
    </Figure>
  );
}
