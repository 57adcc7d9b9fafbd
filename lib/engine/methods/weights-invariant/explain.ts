import { calibration } from "../../statistics/calibration";
import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Facts, type Sentences, sideName } from "../sentences";
import { controlNumber, some, verb } from "../weights-independence/wording";
import { invariantAbout } from "./about";

export const invariantSentences: Sentences = {
  "weights-not-readable": (f) => ({
    en: `The weights of ${sideName(f.text("side")).en} cannot be read.`,
    zh: `${sideName(f.text("side")).zh}的权重无法读取。`,
  }),
  "no-shared-tokens": () => ({
    en: "The two sides could not be seen through shared tokens: a side has no embedding that can be read, or the vocabularies have too little in common.",
    zh: "无法通过共有词元观察双方：某一方没有可读取的嵌入，或双方词表共有的太少。",
  }),
  "tokens-by-text": (f) => ({
    en: `The vocabularies share ${some(f, "shared", "token")} as texts; neurons were seen through ${f.text("taken")} of them.`,
    zh: `双方词表有 ${f.text("shared")} 个文本相同的词元；取其中 ${f.text("taken")} 个来观察神经元。`,
  }),
  "tokens-by-id": (f) => ({
    en: `No tokenizer could be read on both sides; equal ids were taken for equal tokens (${f.text("taken")} of ${f.text("shared")}).`,
    zh: `并非双方的分词器都可读取；以相同编号代表相同词元（${f.text("shared")} 个中取 ${f.text("taken")} 个）。`,
  }),
  "no-product-measured": () => ({
    en: "No layer could be measured through tokens.",
    zh: "没有任何一层可以通过词元测量。",
  }),
  "token-matching": (f) => ({
    en: `Seen through tokens, ${f.text("matched")} of ${some(f, "of", "row")} in ${some(f, "groups", "group")} ${verb(f, "matched", "meets its", "meet their")} own index; by chance about ${f.text("expected")} would. With ${some(f, "granted", "row")} granted to shared features, log10 p = ${f.text("log10Granted")}.`,
    zh: `经词元观察，${f.text("groups")} 组共 ${f.text("of")} 行中有 ${f.text("matched")} 行与自身编号对上；偶然情况下约为 ${f.text("expected")} 行。为共同特征扣除 ${f.text("granted")} 行后，log10 p = ${f.text("log10Granted")}。`,
  }),
  "p-not-below-floor": (f) => ({
    en: `The reported p-value stops at 10^${f.text("floor")}: below that, how much models trained on like data agree is not known well enough.`,
    zh: `所报告的 p 值以 10^${f.text("floor")} 为下限：再低时，训练数据相近的模型究竟会吻合多少，尚不足以确知。`,
  }),
  "token-control": (f) => ({
    en: `Control ${controlNumber(f)}, seen through the same tokens: ${against(f, "original")} rows against the original, ${against(f, "suspect")} against the suspect.`,
    zh: `对照 ${controlNumber(f)}，经同样的词元观察：与原版本 ${against(f, "original")} 行，与被比对版本 ${against(f, "suspect")} 行。`,
  }),
  "neurons-searched": (f) => ({
    en: `In one layer ${some(f, "references", "neuron")} looked for the nearest among ${f.text("candidates")}: for ${f.text("agree")} both matrices name the same one, ${f.text("ownIndex")} of them at the same number.`,
    zh: `在一层中，${f.text("references")} 个神经元在 ${f.text("candidates")} 个之中寻找最近者：其中 ${f.text("agree")} 个由两个矩阵指向同一个，编号相同的有 ${f.text("ownIndex")} 个。`,
  }),
  "neurons-searched-through-tokens": (f) => ({
    en: `In one layer, seen through tokens, ${some(f, "references", "neuron")} looked for the nearest among ${f.text("candidates")}: for ${f.text("agree")} both matrices name the same one, ${f.text("ownIndex")} of them at the same number.`,
    zh: `在一层中经词元观察，${f.text("references")} 个神经元在 ${f.text("candidates")} 个之中寻找最近者：其中 ${f.text("agree")} 个由两个矩阵指向同一个，编号相同的有 ${f.text("ownIndex")} 个。`,
  }),
  "search-controls": (f) => ({
    en: `With the controls at equal depth, ${f.list("counts")} of ${f.text("references")} agree.`,
    zh: `在相同深度上与各对照比较，${f.text("references")} 个中分别有 ${f.list("counts")} 个一致。`,
  }),
  "control-calibrated": (f) => ({
    en: `Control-calibrated: ${some(f, "controls", "unrelated control")}; the agreement is far above all of them.`,
    zh: `经对照校准：共 ${f.text("controls")} 个无关对照；一致的个数远高于其中任何一个。`,
  }),
  "control-calibrated-no-controls": (f) => ({
    en: `Control-calibrated: ${some(f, "controls", "usable control")}, two are needed; so this stays inconclusive. Between independent small models 0 to 3 of 512 agreed, between the smallest tried up to ${calibration.search.most} of ${calibration.search.of}.`,
    zh: `经对照校准：可用对照 ${f.text("controls")} 个，至少需要两个；因此不能定论。在相互独立的小模型之间，512 个中有 0 至 3 个一致；在试过的最小模型之间，${calibration.search.of} 个中至多 ${calibration.search.most} 个。`,
  }),
  "matched-rows": (f) => ({
    en: `The ${some(f, "rows", "matched row")} ${verb(f, "rows", "has", "have")} mean cosine ${f.text("cosine")}, a share ${f.text("equal")} of equal values and scale ${f.text("scale")} (variation ${f.text("scaleVariation")}); what remains is ${f.is("white") ? "white, as added noise is" : "not white"}.`,
    zh: `匹配上的 ${f.text("rows")} 行平均余弦为 ${f.text("cosine")}，数值相同的比例为 ${f.text("equal")}，尺度为 ${f.text("scale")}（变异 ${f.text("scaleVariation")}）；余量${f.is("white") ? "呈白噪声，如同外加的噪声" : "不呈白噪声"}。`,
  }),
  "heads-matched": (f) => ({
    en: `Of ${some(f, "heads", "head")} in the middle layer ${f.text("agree")} ${verb(f, "agree", "is", "are")} found again, ${f.text("ownIndex")} at the same number.`,
    zh: `中间层的 ${f.text("heads")} 个注意力头中找回 ${f.text("agree")} 个，编号相同的有 ${f.text("ownIndex")} 个。`,
  }),
  "transformation-seen": (f) => ({
    en: `Seen: ${transformation(f.text("transformation")).en}.`,
    zh: `所见变换：${transformation(f.text("transformation")).zh}。`,
  }),
};

const transformationNames: Readonly<Record<string, Bilingual>> = {
  noise: { en: "white noise over the matched rows", zh: "匹配行上的白噪声" },
  "fine-tuned": { en: "a trained change over the matched rows", zh: "匹配行上由训练造成的改变" },
  permuted: { en: "neurons or heads renumbered", zh: "神经元或注意力头重新编号" },
  rotated: { en: "the residual stream rotated", zh: "残差流旋转" },
  rescaled: { en: "neurons rescaled one by one", zh: "神经元逐个缩放" },
};

export function explainInvariant(outcome: MethodOutcome): Bilingual {
  return explainWith(invariantSentences, outcome, invariantAbout.mayNotSay);
}

function transformation(code: string): Bilingual {
  return transformationNames[code] ?? { en: code, zh: code };
}

function against(f: Facts, side: string): string {
  const counts = f.under(side);
  return `${counts.text("matched")}/${counts.text("of")}`;
}
