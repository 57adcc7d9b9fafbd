import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { drawingOf } from "./drawings";
import { picture } from "./fixture";
import { decodePng } from "./png";
import { render } from "./render";
import { drawnItems, round } from "./set";

beforeAll(async () => {
  // Does nothing where there is a browser; a fresh machine gets one before the browser tests do.
  const script = fileURLToPath(new URL("../../support/install-browser.ts", import.meta.url));
  await promisify(execFile)(process.execPath, ["--import", "tsx", script]);
}, 600_000);

test("Chromium draws the kept pictures again, as far as another version of it may", async () => {
  const items = drawnItems(6);
  const again = await render(items.map((item) => drawingOf(item, round.randomness)));
  const distance = (a: Uint8Array, b: Uint8Array) => {
    const [x, y] = [decodePng(a).pixels, decodePng(b).pixels];
    return x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;
  };
  items.forEach(({ id }, i) => {
    expect(distance(again[i]!, picture(id)), id).toBeLessThan(6);
    // Far from each other: it is the character that is drawn, not a box.
    expect(distance(again[i]!, picture(items[(i + 1) % items.length]!.id)), id).toBeGreaterThan(15);
  });
});
