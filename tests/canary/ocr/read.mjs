/**
 * node tests/canary/ocr/read.mjs MODEL IMAGE.png [--at URL]: prints what a model of models.ts reads in a picture, for
 * `slipmark canary ask --command 'node tests/canary/ocr/read.mjs chi_sim-4.0.0 {image}'`. Loading takes two seconds;
 * with --at a running endpoint (endpoint.ts) is asked, which has the model loaded.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { at: { type: "string" } } });
const [model, image] = positionals;
if (model === undefined || image === undefined) {
  console.error("read.mjs takes a model and a PNG");
  process.exit(2);
}
const png = await readFile(image);
console.log(values.at === undefined ? await readHere() : await ask(values.at));
process.exit(0);

async function readHere() {
  const { tsImport } = await import("tsx/esm/api");
  const { openReader } = await tsImport("./readers.ts", import.meta.url);
  return await (await openReader(model)).read(png);
}

/** @param {string} url */
async function ask(url) {
  const picture = { url: `data:image/png;base64,${png.toString("base64")}` };
  const messages = [{ role: "user", content: [{ type: "image_url", image_url: picture }] }];
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages }),
  });
  if (!response.ok) throw new Error(`the endpoint answered ${response.status}`);
  return (await response.json()).choices[0].message.content;
}
