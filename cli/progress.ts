import { forTerminal } from "./output";

export interface Progress {
  phase(progress: { phase: string; done: number; total: number }): void;
  bytes(count: number): void;
  /** Takes the bar off the screen. */
  clear(): void;
}

const width = 24;
const redrawMs = 100;

/** A bar on a terminal; silence elsewhere. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { phase() {}, bytes() {}, clear() {} };
  let current = { phase: "open", done: 0, total: 1 };
  let bytesRead = 0;
  let drawnAt = 0;
  const draw = () => {
    drawnAt = Date.now();
    const filled = Math.round((width * current.done) / Math.max(current.total, 1));
    const bar = "█".repeat(filled) + "░".repeat(width - filled);
    stream.write(`\r\u001b[K${bar} ${oneLine(current.phase)}  ${readableBytes(bytesRead)}`);
  };
  return {
    phase(next) {
      current = next;
      draw();
    },
    bytes(count) {
      bytesRead += count;
      if (Date.now() - drawnAt > redrawMs) draw();
    },
    clear: () => void stream.write("\r\u001b[K"),
  };
}

/** A phase may name a repository, and a result from a stranger may name it as it likes. */
function oneLine(phase: string): string {
  return forTerminal(phase).replaceAll("\n", " ").slice(0, 120);
}

export function readableBytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = "B";
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${value.toFixed(1)} ${unit}`;
}
