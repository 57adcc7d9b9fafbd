import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "@/tests/support/browser";
import { encodePng } from "./png";

/** How one character is drawn. Everything that the picture depends on, besides the font and the browser. */
export interface Drawing {
  readonly character: string;
  /** 200 … 900 in hundreds. */
  readonly weight: number;
  /** Height of the em box in pixels; the picture is `side` × `side`. */
  readonly size: number;
  readonly degrees: number;
  /** Standard deviation of a Gaussian blur, in pixels. */
  readonly blur: number;
}

export const side = 64;

const family = "Noto Serif SC";
const fonts = fileURLToPath(new URL("../../../node_modules/@fontsource/noto-serif-sc/", import.meta.url));

/** One PNG for each drawing. The same browser and font package draw the same pixels; others may differ a little. */
export async function render(drawings: readonly Drawing[]): Promise<Buffer[]> {
  return await inPage([...new Set(drawings.map(({ weight }) => weight))], async (page) => {
    const all = await page.evaluate(drawAll, { family, side, drawings });
    return all.map((base64) =>
      encodePng({ width: side, height: side, pixels: Buffer.from(base64, "base64") }),
    );
  });
}

async function inPage<T>(
  weights: readonly number[],
  work: (page: import("@playwright/test").Page) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch(chromiumOptions());
  try {
    const page = await browser.newPage();
    // Every request is answered from the package; nothing leaves.
    await page.route("**/*", async (route) => {
      const path = new URL(route.request().url()).pathname.slice(1);
      if (path === "") {
        const css = weights.map((weight) => readFileSync(`${fonts}${weight}.css`, "utf8")).join("\n");
        await route.fulfill({ contentType: "text/html", body: `<!doctype html><style>${css}</style>` });
      } else if (/^files\/[\w-]+\.woff2?$/.test(path)) await route.fulfill({ path: `${fonts}${path}` });
      else await route.fulfill({ status: 404 });
    });
    await page.goto("http://fonts.test/");
    return await work(page);
  } finally {
    await browser.close();
  }
}

/** Runs in the page. Grey values of each drawing, base64. */
async function drawAll(input: {
  family: string;
  side: number;
  drawings: readonly Drawing[];
}): Promise<string[]> {
  const { family, side, drawings } = input;
  for (const weight of new Set(drawings.map((drawing) => drawing.weight))) {
    const text = drawings
      .flatMap((drawing) => (drawing.weight === weight ? [drawing.character] : []))
      .join("");
    await document.fonts.load(`${weight} 40px "${family}"`, text);
  }
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  return drawings.map(({ character, weight, size, degrees, blur }) => {
    context.reset();
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    context.translate(side / 2, side / 2);
    context.rotate((degrees * Math.PI) / 180);
    context.filter = blur > 0 ? `blur(${blur}px)` : "none";
    context.font = `${weight} ${size}px "${family}"`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = "black";
    context.fillText(character, 0, 0);
    const { data } = context.getImageData(0, 0, side, side);
    let bytes = "";
    for (let i = 0; i < data.length; i += 4) bytes += String.fromCharCode(data[i] ?? 255);
    return btoa(bytes);
  });
}
