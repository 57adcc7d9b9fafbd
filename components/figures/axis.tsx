import type { Scale } from "./scale";

/** Ticks of a vertical scale with their rules across the plot. */
export function LeftAxis({
  scale,
  left,
  right,
  format,
}: {
  readonly scale: Scale;
  readonly left: number;
  readonly right: number;
  readonly format: (value: number) => string;
}) {
  return (
    <g className="axis">
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={left}
            x2={right}
            y1={scale.at(tick)}
            y2={scale.at(tick)}
            data-zero={tick === 0 || undefined}
          />
          <text x={left - 8} y={scale.at(tick) + 4} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Ticks of a horizontal scale. */
export function BottomAxis({
  scale,
  top,
  bottom,
  format,
}: {
  readonly scale: Scale;
  readonly top: number;
  readonly bottom: number;
  readonly format: (value: number) => string;
}) {
  return (
    <g className="axis">
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={scale.at(tick)}
            x2={scale.at(tick)}
            y1={top}
            y2={bottom}
            data-zero={tick === 0 || undefined}
          />
          <text x={scale.at(tick)} y={bottom + 16} textAnchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}
