import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { imageFacts } from "@/lib/engine/canary";
import { drawingOf } from "./drawings";
import { fixtures, type OcrAnswers, picture } from "./fixture";
import { type OcrModel, ocrModels, ocrNames } from "./models";
import { openReader } from "./readers";
import { render } from "./render";
import { drawnItems, round, setId, termsOf } from "./set";

/**
 * npm run canary:ocr [-- --items 120] [--out FOLDER] [--draw]: lets every model of the catalogue read the pictures of
 * the fixtures' set and writes answers.json. `--draw` makes the pictures anew first; another version of the browser may
 * draw other grey values, and then the hashes change. Models that are no package of this project are fetched.
 */
const { values } = parseArgs({
  options: {
    items: { type: "string", default: "120" },
    out: { type: "string", default: fixtures },
    draw: { type: "boolean", default: false },
  },
});
const folder = resolve(values.out);
mkdirSync(folder, { recursive: true });
const items = drawnItems(Number(values.items));
const pictures = values.draw
  ? await render(items.map((item) => drawingOf(item, round.randomness)))
  : items.map(({ id }) => picture(id));
items.forEach(({ id }, i) => {
  writeFileSync(join(folder, `${id}.png`), pictures[i]!);
});

const models: OcrAnswers["models"][number][] = [];
for (const name of ocrNames) {
  const model: OcrModel = ocrModels[name];
  const reader = await openReader(name);
  const answers: string[] = [];
  for (const png of pictures) answers.push(await reader.read(png));
  await reader.close();
  const right = answers.filter((answer, i) => answer === items[i]!.answer).length;
  console.log(
    `${name}: ${right} of ${items.length} right, ${answers.filter((answer) => answer === "").length} blank`,
  );
  const source = `${model.registry} ${model.package} ${model.version}, ${model.path}`;
  models.push({ name, about: model.about, source, weights: model.sha256, answers });
}

const references = ocrNames.filter((name) => name !== "chi_sim-best_int" && name !== "chi_sim-fast");
const document: OcrAnswers = {
  what: "Pictures of single Chinese characters, drawn by the nonce, and what real readers answered: measured, not made up",
  command: "npm run canary:ocr",
  font: "@fontsource/noto-serif-sc 5.3.0 (Noto Serif SC, OFL 1.1), drawn by Chromium",
  setId,
  round: { round: round.round, signature: round.signature },
  nonce: round.randomness,
  terms: termsOf(items.length, references),
  items: items.map(({ id, answer }, i) => ({ id, answer, image: imageFacts(pictures[i]!, id) })),
  models,
};
writeFileSync(join(folder, "answers.json"), `${JSON.stringify(document)}\n`);
process.exit(0);
