import { type Origin, origins, tensorGrid } from "../../lib/engine/result/tensor-grid";
import { fitted, shortName } from "./text";

const signs: Readonly<Record<Origin, string>> = {
  equal: "█",
  "re-encoded": "▓",
  trained: "░",
  ancestor: "a",
  nothing: "·",
  "left-out": "-",
};

const meanings: Readonly<Record<Origin, string>> = {
  equal: "equal",
  "re-encoded": "equal but for encoding or noise",
  trained: "differs as after training",
  ancestor: "an ancestor's or common: not counted",
  nothing: "no resemblance",
  "left-out": "left out",
};

const nameColumns = 26;
const mostColumns = 70;
const mostRows = 24;

/** A compact grid: one character a layer, one line a kind of tensor; more layers than fit go on below. */
export function tensorMapText(
  title: string,
  tensors: readonly { readonly name: string; readonly origin: Origin }[],
): string[] {
  if (tensors.length === 0) return [];
  const cells = tensorGrid(tensors);
  const columns = [...new Set(cells.map(({ column }) => column))];
  const rows = [...new Set(cells.map(({ row }) => row))];
  const at = new Map(cells.map(({ column, row, origin }) => [`${column} ${row}`, signs[origin]]));
  const used = origins.filter((origin) => cells.some((cell) => cell.origin === origin));
  const parts = Array.from({ length: Math.ceil(columns.length / mostColumns) }, (_, part) =>
    columns.slice(part * mostColumns, (part + 1) * mostColumns),
  );
  const span = (part: readonly string[]) => {
    const numbered = part.filter((column) => column !== "");
    return numbered.length === 0 ? "outside of layers" : `layers ${numbered[0]} to ${numbered.at(-1)}`;
  };
  return [
    "",
    ...parts.flatMap((part) => [
      `  ${title}, ${span(part)}`,
      ...rows
        .slice(0, mostRows)
        .map((row) => ({
          row,
          line: part
            .map((column) => at.get(`${column} ${row}`) ?? " ")
            .join("")
            .trimEnd(),
        }))
        .filter(({ line }) => line !== "")
        .map(({ row, line }) => `  ${fitted(shortName(row, nameColumns - 1), nameColumns)}${line}`),
    ]),
    ...(rows.length > mostRows ? [`  … and ${rows.length - mostRows} more kinds of tensors`] : []),
    ...used.map((origin) => `  ${signs[origin]} ${meanings[origin]}`),
  ];
}
