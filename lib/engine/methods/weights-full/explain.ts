import type { Bilingual, Json, MethodOutcome } from "../method";
import { explainWith, type Sentences, sideName } from "../sentences";
import { weightsFullAbout } from "./about";

/** Four significant digits, the same on every machine. */
function figure(value: Json | undefined): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : "?";
}

export const weightsFullSentences: Sentences = {
  "weights-not-readable": (f) => ({
    en: `The weights of ${sideName(f.text("side")).en} could not be opened.`,
    zh: `${sideName(f.text("side")).zh}的权重无法打开。`,
  }),
  "every-byte-read": (f) => ({
    en: `Weight files of ${sideName(f.text("side")).en} read whole: ${f.text("files")} (${f.text("bytes")} bytes in ${f.text("leaves")} leaves, ${f.text("tensors")} tensors).`,
    zh: `${sideName(f.text("side")).zh}已完整读取的权重文件：${f.text("files")} 个（共 ${f.text("bytes")} 字节、${f.text("leaves")} 个叶块、${f.text("tensors")} 个张量）。`,
  }),
  "bytes-missing": (f) => ({
    en: `${f.text("files")} weight files of ${sideName(f.text("side")).en} could not be read whole.`,
    zh: `${sideName(f.text("side")).zh}有 ${f.text("files")} 个权重文件无法完整读取。`,
  }),
  "leaves-equal": (f) => ({
    en: `Of the original's ${f.under("counted").text("original")} leaves that count, ${f.under("equal").text("original")} occur on the other side; of the suspect's ${f.under("counted").text("suspect")}, ${f.under("equal").text("suspect")} do. A given ancestor holds ${f.under("inAncestor").text("original")} and ${f.under("inAncestor").text("suspect")} of these, too.`,
    zh: `原版本计入的 ${f.under("counted").text("original")} 个叶块中有 ${f.under("equal").text("original")} 个出现在另一方；被比对版本的 ${f.under("counted").text("suspect")} 个中有 ${f.under("equal").text("suspect")} 个。其中分别有 ${f.under("inAncestor").text("original")} 个与 ${f.under("inAncestor").text("suspect")} 个也为所给祖先所有。`,
  }),
  "values-compared": (f) => ({
    en: `${f.text("pairs")} matched tensors were compared over all ${f.text("elements")} values: ${f.text("equal")} are equal, the correlation is ${figure(f.raw.cosine)}.`,
    zh: `对 ${f.text("pairs")} 对匹配张量的全部 ${f.text("elements")} 个数值作了比较：${f.text("equal")} 个相同，相关系数为 ${figure(f.raw.cosine)}。`,
  }),
  "values-differ": (f) => ({
    en: `The difference has mean ${figure(f.raw.mean)}, standard deviation ${figure(f.raw.sd)} and excess kurtosis ${figure(f.raw.kurtosis)}.`,
    zh: `差值的均值为 ${figure(f.raw.mean)}，标准差为 ${figure(f.raw.sd)}，超额峰度为 ${figure(f.raw.kurtosis)}。`,
  }),
  "pairs-not-compared": (f) => ({
    en: `${f.text("pairs")} matched tensors were not compared value by value: their rows differ in length, or bytes are missing.`,
    zh: `有 ${f.text("pairs")} 对匹配张量未逐值比较：其行长不同，或缺少字节。`,
  }),
  "pairs-computed-by-code": (f) => ({
    en: `${f.text("pairs")} matched tensors hold values that code computes (a Fourier basis, positions, frequencies); they do not count.`,
    zh: `有 ${f.text("pairs")} 对匹配张量的数值由代码计算得出（如傅里叶基、位置、频率），不予计入。`,
  }),
  "tensors-unpaired": (f) => ({
    en: `${f.text("original")} tensors of the original and ${f.text("suspect")} of the suspect have no partner.`,
    zh: `原版本有 ${f.text("original")} 个、被比对版本有 ${f.text("suspect")} 个张量没有对应。`,
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given, so nothing of a common base is subtracted.",
    zh: "没有给出祖先，因此未扣除共同基础。",
  }),
  "ancestors-not-subtracted": () => ({
    en: "No tensor of the pair stands in all given ancestors in the same shape, so nothing was subtracted.",
    zh: "双方没有任何张量以相同形状见于全部所给祖先，因此未作扣除。",
  }),
  "nothing-beyond-ancestors": () => ({
    en: "A side does not differ from the given ancestors, or they determine each other, so nothing beyond them can be measured.",
    zh: "有一方与所给祖先没有差异，或祖先彼此可相互推出，因此无法衡量祖先之外的部分。",
  }),
  "beyond-ancestors": (f) => ({
    en: `With the given ancestors (${f.text("ancestors")}) subtracted over ${f.text("tensors")} tensors: α ${figure(f.raw.alpha)}, partial R² ${figure(f.raw.partialR2)}, ρ ${figure(f.raw.rho)}, and the suspect's own difference is ${figure(f.raw.sizeRatio)} times as large as the original's.`,
    zh: `在 ${f.text("tensors")} 个张量上扣除 ${f.text("ancestors")} 个祖先后：α 为 ${figure(f.raw.alpha)}，偏 R² 为 ${figure(f.raw.partialR2)}，ρ 为 ${figure(f.raw.rho)}；被比对版本自身的差异为原版本的 ${figure(f.raw.sizeRatio)} 倍。`,
  }),
};

export function explainWeightsFull(outcome: MethodOutcome): Bilingual {
  return explainWith(weightsFullSentences, outcome, weightsFullAbout.mayNotSay);
}
