/** Columns that a terminal gives to a character: two to the wide ones of East Asia, one to all others. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
    ? 2
    : 1;
}

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** A text of exactly that many columns: cut at its end, or filled with blanks. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text + " ".repeat(columns - widthOf(text));
  let cut = "";
  let width = 0;
  for (const character of text) {
    if (width + columnsOf(character) > columns - 1) break;
    cut += character;
    width += columnsOf(character);
  }
  return `${cut}…${" ".repeat(columns - 1 - width)}`;
}

/** A name of at most that many columns, cut in its middle: both ends of a tensor's name tell most. */
export function shortName(name: string, columns: number): string {
  const characters = [...name];
  if (widthOf(name) <= columns) return name;
  const half = Math.floor((columns - 1) / 2);
  return `${characters.slice(0, half).join("")}…${characters.slice(-half).join("")}`;
}

/** Lines of at most `width` columns, broken between words. */
export function wrapped(text: string, indent: string, width = 100): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = indent;
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      if (line.length > indent.length && widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line);
        line = indent;
      }
      line += line.length === indent.length ? word : ` ${word}`;
    }
    if (line.length > indent.length) lines.push(line);
  }
  return lines;
}

const eighths = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** One character a value, as high as its share of `full`; nothing at all is a dot. */
export function heights(values: readonly number[], full: number): string {
  return values
    .map((value) => (value <= 0 ? "·" : eighths[Math.min(7, Math.max(0, Math.ceil((value / full) * 8) - 1))]))
    .join("");
}

/** A bar of `columns` for a value between 0 and 1; what lies outside is drawn at the end it passed. */
export function bar(value: number, columns: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, value)) * columns);
  return "█".repeat(filled) + "·".repeat(columns - filled);
}

/** Four digits at most after the point, and four that count for small numbers. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 0.01 && Math.abs(value) < 100) return value.toFixed(4);
  return String(Number(value.toPrecision(4)));
}

export function interval(of: {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}): string {
  return `${figure(of.value)} (${figure(of.low)} … ${figure(of.high)})`;
}

/** A bound on p, as a power of ten once it is small; rounded up so that it stays one. */
export function boundOnP(log10: number): string {
  return log10 > -2 ? figure(Math.ceil(10 ** log10 * 1000) / 1000) : `10^${Math.ceil(log10 * 10) / 10}`;
}

/** At most `most` items, evenly over the whole, and how many were left out. */
export function some<T>(
  items: readonly T[],
  most: number,
): { readonly shown: readonly T[]; readonly left: number } {
  if (items.length <= most) return { shown: items, left: 0 };
  const step = (items.length - 1) / (most - 1);
  const shown = Array.from({ length: most }, (_, i) => items[Math.round(i * step)] as T);
  return { shown, left: items.length - most };
}
