import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Facts, type Sentences, sideName } from "../sentences";
import { independenceAbout } from "./about";
import { embeddingSentences } from "./embedding-sentences";
import { controlNumber, some, verb } from "./wording";

export const independenceSentences: Sentences = {
  ...embeddingSentences,
  "weights-not-readable": (f) => ({
    en: `The weights of ${sideName(f.text("side")).en} cannot be read.`,
    zh: `${sideName(f.text("side")).zh}的权重无法读取。`,
  }),
  "no-neuron-group": (f) => ({
    en: `In ${sideName(f.text("side")).en} no MLP was recognised whose neurons could be compared; an axis counts only where an input and an output matrix share it.`,
    zh: `在${sideName(f.text("side")).zh}中没有识别出神经元可供比较的 MLP；只有输入矩阵与输出矩阵共用的轴才算数。`,
  }),
  "nothing-counts": (f) => ({
    en: `An ancestor or an unrelated family holds the values of all groups of a side (${f.text("original")} of the original's, ${f.text("suspect")} of the suspect's); what was public before does not count.`,
    zh: `某一方所有组的数值都为祖先或无关系列所有（原版本 ${f.text("original")} 组，被比对版本 ${f.text("suspect")} 组）；此前已公开的内容不计入。`,
  }),
  "groups-left-out": (f) => ({
    en: `Groups whose values an ancestor or an unrelated family holds were left out: ${f.text("original")} of the original's, ${f.text("suspect")} of the suspect's.`,
    zh: `数值为祖先或无关系列所有的组不计：原版本 ${f.text("original")} 组，被比对版本 ${f.text("suspect")} 组。`,
  }),
  "no-stack-of-one-width": () => ({
    en: "No stack of layers has the same width on both sides; rows of different width cannot be held against each other by this test.",
    zh: "双方没有宽度一致的层栈；宽度不同的行无法用本检验相互比较。",
  }),
  "nothing-measured": (f) => ({
    en: `No group could be measured: ${f.text("tooFewRows")} ${verb(f, "tooFewRows", "has", "have")} fewer than 64 usable rows, of ${f.text("notAvailable")} the bytes cannot be had.`,
    zh: `没有任何一组可以测量：${f.text("tooFewRows")} 组可用行不足 64，${f.text("notAvailable")} 组的内容无法取得。`,
  }),
  "windowed-matching": (f) => ({
    en: `Of ${some(f, "of", "row")} in ${some(f, "groups", "group")} ${f.text("matched")} ${verb(f, "matched", "meets its", "meet their")} own index; by chance about ${f.text("expected")} would${critical(f, "en")} (log10 p = ${f.text("log10P")} before corrections).`,
    zh: `${f.text("groups")} 组共 ${f.text("of")} 行，其中 ${f.text("matched")} 行与自身编号对上；偶然情况下约为 ${f.text("expected")} 行${critical(f, "zh")}（校正前 log10 p = ${f.text("log10P")}）。`,
  }),
  "corrected-for": (f) => ({
    en: `The p-value is multiplied by ${f.text("factor")}, for ${some(f, "screened", "model")} screened, ${some(f, "maps", "layer map")}, ${some(f, "searched", "pair")} of layers that could be searched and ${some(f, "families", "kind")} of test side by side.`,
    zh: `p 值已乘以 ${f.text("factor")}：筛查模型 ${f.text("screened")} 个，层对应方式 ${f.text("maps")} 种，可供搜索的层对 ${f.text("searched")} 个，并行的检验 ${f.text("families")} 类。`,
  }),
  "nothing-seen-is-no-proof": () => ({
    en: "This does not show independence: a rotated residual stream, for one, is invisible to this test, and so are renumbered neurons where no embedding counts.",
    zh: "这并不证明独立：例如残差流旋转，本检验就无法察觉；在嵌入不计入时，神经元重新编号亦然。",
  }),
  "layer-offset": (f) => ({
    en: `With the suspect's layers moved by ${f.text("offset")}, ${f.text("matched")} of ${f.text("of")} rows ${verb(f, "matched", "meets its", "meet their")} own index.`,
    zh: `将被比对版本的层号平移 ${f.text("offset")} 后，${f.text("of")} 行中有 ${f.text("matched")} 行与自身编号对上。`,
  }),
  "layers-found": (f) => ({
    en: `Held layer against layer (${some(f, "pairs", "pair")}, each judged by itself), these agree, original first: ${f.list("layers", 16)}.`,
    zh: `逐层两两比较（共 ${f.text("pairs")} 对，各自单独判断），以下层相符（前为原版本）：${f.list("layers", 16)}。`,
  }),
  "groups-fall-together": (f) => ({
    en: `${some(f, "groups", "group")} that ${verb(f, "groups", "resembles", "resemble")} another inside one model (repeated layers, experts grown from one MLP) ${verb(f, "groups", "was", "were")} not counted again.`,
    zh: `${f.text("groups")} 组与同一模型内的其他组相似（重复的层，或由同一 MLP 扩展的专家），未重复计入。`,
  }),
  "rows-left-out": (f) => ({
    en: `Zero, constant and repeated rows were left out: ${f.text("original")} of the original's, ${f.text("suspect")} of the suspect's.`,
    zh: `全零、恒定和重复的行不计：原版本 ${f.text("original")} 行，被比对版本 ${f.text("suspect")} 行。`,
  }),
  "groups-not-measured": (f) => ({
    en: `${some(f, "groups", "group")} could not be measured.`,
    zh: `${f.text("groups")} 组无法测量。`,
  }),
  "global-matching-not-used": (f) => ({
    en: `A matching over all sampled rows at once would look significant (log10 p = ${f.text("log10P")}). It is not used: neurons sorted by importance are enough to raise it between independent models.`,
    zh: `若对全部抽样行一次性求指派，看似显著（log10 p = ${f.text("log10P")}）。此值不予采用：神经元若按重要性排序，独立的模型之间也会升高。`,
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given: two models that both come from an unnamed third would look the same here.",
    zh: "没有给出祖先：若双方都来自某个未列出的第三方，此处的结果会完全相同。",
  }),
  "ancestor-may-explain": (f) => ({
    en: `A given ancestor has matrices of the same part and shape for ${f.text("known")} of ${some(f, "groups", "group")}: descent from it would give the same result, so that this finding alone does not set the two sides apart from their siblings.`,
    zh: `${f.text("groups")} 组中有 ${f.text("known")} 组，所给祖先具有同一部分、同一形状的矩阵：双方若都来自该祖先，也会得到同样的结果，因此仅凭此结论无法将双方与同源模型区分开。`,
  }),
  "private-groups-unknown": () => ({
    en: "The weights of a given ancestor cannot be read: which groups no ancestor has is not known, and none is tested as private.",
    zh: "某个所给祖先的权重无法读取：哪些组为所有祖先所无尚不可知，因此不作为独有部分检验。",
  }),
  "no-private-group": () => ({
    en: "No group that is absent from every ancestor has an axis that may be tested (one-layer projectors, for one, do not).",
    zh: "所有祖先均不具有的组中，没有可供检验的轴（例如单层投影器就没有）。",
  }),
  "private-groups": (f) => ({
    en: `In ${some(f, "groups", "group")} that no given ancestor has, ${f.text("matched")} of ${f.text("of")} rows ${verb(f, "matched", "meets its", "meet their")} own index; by chance about ${f.text("expected")} would (log10 p = ${f.text("log10P")}).`,
    zh: `在所给祖先均不具有的 ${f.text("groups")} 组中，${f.text("of")} 行有 ${f.text("matched")} 行与自身编号对上；偶然情况下约为 ${f.text("expected")} 行（log10 p = ${f.text("log10P")}）。`,
  }),
  "no-control-given": () => ({
    en: "No control was given: no unrelated model of like shape was measured beside this pair.",
    zh: "没有给出对照：未在这一对模型之外测量形状相近的无关模型。",
  }),
  "control-not-alike": (f) => ({
    en: `Control ${controlNumber(f)} has no matrices of this width at the same places and could not be measured.`,
    zh: `对照 ${controlNumber(f)} 在相同位置没有这种宽度的矩阵，无法测量。`,
  }),
  "control-measured": (f) => ({
    en: `Control ${controlNumber(f)}: ${against(f, "original")} rows against the original and ${against(f, "suspect")} against the suspect meet their own index.`,
    zh: `对照 ${controlNumber(f)}：与原版本比较有 ${against(f, "original")} 行、与被比对版本比较有 ${against(f, "suspect")} 行与自身编号对上。`,
  }),
  "control-related": (f) => ({
    en: `Control ${controlNumber(f)} is itself not independent of a side (${against(f, "original")} rows against the original, ${against(f, "suspect")} against the suspect) and serves as no control.`,
    zh: `对照 ${controlNumber(f)} 自身就与某一方不独立（与原版本 ${against(f, "original")} 行，与被比对版本 ${against(f, "suspect")} 行），不能作为对照。`,
  }),
};

export function explainIndependence(outcome: MethodOutcome): Bilingual {
  return explainWith(independenceSentences, outcome, independenceAbout.mayNotSay);
}

function critical(f: Facts, language: "en" | "zh"): string {
  if (typeof f.raw.critical !== "number") return "";
  const count = f.text("critical");
  return language === "en" ? `, and ${count} or more have p ≤ 1e-6` : `，达到 ${count} 行时 p ≤ 1e-6`;
}

function against(f: Facts, side: string): string {
  const counts = f.under(side);
  return `${counts.text("matched")}/${counts.text("of")}`;
}
