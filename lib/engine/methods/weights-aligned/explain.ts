import type { Bilingual, Json, MethodOutcome } from "../method";
import { explainWith, type Facts, type Sentences } from "../sentences";
import { alignedAbout } from "./about";
import type { AlignedSays } from "./verdict";

/** Three significant digits, the same on every machine. */
export function figure(value: Json | undefined): string {
  if (typeof value !== "number") return "?";
  return String(Number(value.toPrecision(3)));
}

function interval(f: Facts, key: string): string {
  const { value, low, high } = f.under(key).raw;
  return value === undefined ? "?" : `${figure(value)} (${figure(low)} … ${figure(high)})`;
}

function percent(value: Json | undefined): string {
  return typeof value === "number" ? `${figure(100 * value)} %` : "?";
}

const leftOut: Readonly<Record<string, Bilingual>> = {
  "not-finite": { en: "they hold infinite or undefined values", zh: "含有无穷或未定义的数值" },
  "little-entropy": { en: "they carry fewer than 128 bits of information", zh: "所含信息不足 128 比特" },
  constructed: { en: "their values are computed, not trained", zh: "其数值由计算得出，而非训练得出" },
  "common-ancestor": { en: "a given ancestor holds the same values", zh: "所给祖先含有相同的数值" },
  "common-families": { en: "an unrelated release holds the same values", zh: "无关的版本含有相同的数值" },
};

const changes: Readonly<Record<string, Bilingual>> = {
  equal: { en: "equal values", zh: "数值相同" },
  recast: { en: "equal values up to the rounding of the number formats", zh: "除数值格式的取整外数值相同" },
  pruned: { en: "zeros beside equal values", zh: "零值旁的其余数值相同" },
  quantised: { en: "values rounded to a few even levels", zh: "数值被取整到少数等距的级别" },
  rescaled: { en: "rows or columns multiplied by constants", zh: "行或列乘以常数" },
  noise: { en: "white noise around equal values", zh: "相同数值上叠加白噪声" },
  trained: { en: "a structured difference, such as training makes", zh: "有结构的差异，与训练造成的相符" },
  none: { en: "no resemblance at equal positions", zh: "相同位置上没有相似之处" },
};

const sentences: Record<string, (f: Facts) => Bilingual> = {
  "no-weights-read": () => ({
    en: "On at least one side no weights could be read.",
    zh: "至少有一方没有可读取的权重。",
  }),
  "no-tensor-in-common": (f) => ({
    en: `No tensor of one side has a partner on the other (${f.under("unpaired").text("original")} and ${f.under("unpaired").text("suspect")} without).`,
    zh: `双方没有可匹配的张量（分别有 ${f.under("unpaired").text("original")} 个与 ${f.under("unpaired").text("suspect")} 个没有对应）。`,
  }),
  "tensors-sampled": (f) => ({
    en: `${f.text("sampled")} matched tensors were sampled at equal positions (${f.text("elements")} values); ${f.text("counted")} of them count, ${f.text("matrices")} of these are matrices.`,
    zh: `在相同位置对 ${f.text("sampled")} 个匹配的张量抽样（共 ${f.text("elements")} 个数值）；其中 ${f.text("counted")} 个计入，内有 ${f.text("matrices")} 个矩阵。`,
  }),
  "tensors-unreadable": (f) => ({
    en: `${f.text("tensors")} pairs could not be read.`,
    zh: `有 ${f.text("tensors")} 对张量无法读取。`,
  }),
  "tensors-are-codes": (f) => ({
    en: `${f.text("tensors")} pairs hold packed codes or whole numbers, which mean nothing without scales kept elsewhere.`,
    zh: `有 ${f.text("tensors")} 对张量为打包编码或整数，缺少另行存放的缩放系数便没有意义。`,
  }),
  "experts-left-out": (f) => ({
    en: `${f.text("tensors")} tensors of further experts were left out to keep the sample small.`,
    zh: `为控制抽样量，略去了其余专家的 ${f.text("tensors")} 个张量。`,
  }),
  "values-compared": (f) => ({
    en: `Over the counted matrices ${percent(f.raw.equal)} of the values are equal and the mean cosine is ${figure(f.raw.cosine)}.`,
    zh: `在计入的矩阵中，${percent(f.raw.equal)} 的数值相同，平均余弦为 ${figure(f.raw.cosine)}。`,
  }),
  "noise-constant": (f) => ({
    en: `In ${f.text("white")} matrices the difference is white noise of one standard deviation throughout: ${interval(f, "sigma")}.`,
    zh: `在 ${f.text("white")} 个矩阵中，差异为白噪声，标准差处处相同：${interval(f, "sigma")}。`,
  }),
  "noise-relative": (f) => ({
    en: `In ${f.text("white")} matrices the difference is white noise in proportion to each matrix's own spread: ${interval(f, "value")} of it.`,
    zh: `在 ${f.text("white")} 个矩阵中，差异为白噪声，并与各矩阵自身的离散程度成比例：比例为 ${interval(f, "value")}。`,
  }),
  "noise-none": (f) => ({
    en: `In ${f.text("white")} matrices the difference is white noise; its standard deviation varies from matrix to matrix around ${interval(f, "sigma")}.`,
    zh: `在 ${f.text("white")} 个矩阵中，差异为白噪声；其标准差因矩阵而异，约为 ${interval(f, "sigma")}。`,
  }),
  "difference-of-low-rank": (f) => ({
    en: `In ${f.text("low")} of ${f.text("blocks")} blocks looked at, the difference is of low rank (${f.text("rank")}), as a low-rank adaptation leaves it.`,
    zh: `在查看的 ${f.text("blocks")} 个分块中，${f.text("low")} 个的差异为低秩（秩 ${f.text("rank")}），与低秩适配留下的差异相符。`,
  }),
  "merged-weighted": (f) => ({
    en: `The differences are an even share of the other side's in all matrices (α ${interval(f, "alpha")}), as a weighted merge leaves them.`,
    zh: `在所有矩阵中，差异均为另一方差异的同一比例（α ${interval(f, "alpha")}），与加权合并相符。`,
  }),
  "merged-by-layer": () => ({
    en: "Some layers carry the other side's differences and others do not: a model put together from layers of several.",
    zh: "部分层带有另一方的差异，其余层则没有：模型由多个来源的层拼合而成。",
  }),
  "layers-mapped": (f) => ({
    en: `The layers correspond under a map (${f.under("layers").text("original")} and ${f.under("layers").text("suspect")} layers, ${f.text("pairs")} pairs). Without a counterpart: ${numbers(f, "without", "original", "en")} of the original, ${numbers(f, "without", "suspect", "en")} of the suspect; answered more than once: ${numbers(f, "repeated", "original", "en")} and ${numbers(f, "repeated", "suspect", "en")}.`,
    zh: `各层依照一份映射相互对应（分别有 ${f.under("layers").text("original")} 层与 ${f.under("layers").text("suspect")} 层，共 ${f.text("pairs")} 对）。没有对应的层：原版本 ${numbers(f, "without", "original", "zh")}，被比对版本 ${numbers(f, "without", "suspect", "zh")}；多次对应的层：${numbers(f, "repeated", "original", "zh")} 与 ${numbers(f, "repeated", "suspect", "zh")}。`,
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given: what both sides may have taken from a common base could not be subtracted.",
    zh: "未给出祖先：双方可能取自共同基础模型的部分未能扣除。",
  }),
  "ancestors-not-read": (f) => ({
    en: `Of ${f.text("given")} given ancestors the weights of ${f.text("unread")} could not be read (a fingerprint has none): what both sides took from there is not set apart.`,
    zh: `所给 ${f.text("given")} 个祖先中，有 ${f.text("unread")} 个的权重无法读取（指纹不含权重）：双方取自其中的部分未被区分。`,
  }),
  "no-ancestor-comparable": (f) => ({
    en: `None of the ${f.text("given")} given ancestors holds a matrix that answers to these.`,
    zh: `所给的 ${f.text("given")} 个祖先均没有可与之对应的矩阵。`,
  }),
  "too-few-eligible": (f) => ({
    en: `Only ${f.text("eligible")} matrices lie further from the ancestors than their rounding; fewer than 8 decide nothing.`,
    zh: `只有 ${f.text("eligible")} 个矩阵与祖先的距离超出取整误差；少于 8 个不足以判断。`,
  }),
  "beyond-ancestors": (f) => ({
    en: `With ${f.text("given")} ancestors taken out, over ${f.text("eligible")} matrices: α ${interval(f, "alpha")}, ρ ${interval(f, "rho")}, partial R² ${interval(f, "partialR2")}. The rule for derivation holds in ${percent(f.raw.ruleShare)} of them.`,
    zh: `扣除 ${f.text("given")} 个祖先后，在 ${f.text("eligible")} 个矩阵中：α 为 ${interval(f, "alpha")}，ρ 为 ${interval(f, "rho")}，偏 R² 为 ${interval(f, "partialR2")}。其中 ${percent(f.raw.ruleShare)} 满足衍生规则。`,
  }),
  "alpha-alone": (f) => ({
    en: `In ${percent(f.raw.share)} of the matrices α is large; that alone is also found between honest models trained on the same data, and is not counted.`,
    zh: `在 ${percent(f.raw.share)} 的矩阵中 α 较大；仅此一项也见于使用相同数据训练的诚实模型之间，因此不计入。`,
  }),
  "closest-original": (f) => ({
    en: `The two sides lie closer to each other than to the nearest ancestor (squared distances ${interval(f, "overOriginal")} and ${interval(f, "overSuspect")} of theirs).`,
    zh: `双方彼此之间比与最近的祖先更近（平方距离之比为 ${interval(f, "overOriginal")} 与 ${interval(f, "overSuspect")}）。`,
  }),
  "closest-ancestor": () => ({
    en: "Each side lies closer to the nearest ancestor than to the other.",
    zh: "双方与最近祖先的距离均小于彼此之间的距离。",
  }),
  "closest-neither": () => ({
    en: "Distances place neither side nor the ancestor between the others.",
    zh: "从距离看，双方与祖先之间没有明确的居中者。",
  }),
  "closest-unknown": () => ({
    en: "Whether the sides lie closer to each other or to an ancestor cannot be told from these samples.",
    zh: "从这些抽样无法判断双方彼此更近还是与祖先更近。",
  }),
  "control-compared": (f) => ({
    en: `Control ${f.count("control") + 1}: mean cosine ${figure(f.under("cosine").raw.original)} with the original and ${figure(f.under("cosine").raw.suspect)} with the suspect over ${f.text("matrices")} matrices.`,
    zh: `对照 ${f.count("control") + 1}：在 ${f.text("matrices")} 个矩阵上，与原版本的平均余弦为 ${figure(f.under("cosine").raw.original)}，与被比对版本为 ${figure(f.under("cosine").raw.suspect)}。`,
  }),
};

for (const [why, text] of Object.entries(leftOut))
  sentences[`left-out-${why}`] = (f) => ({
    en: `${f.text("tensors")} tensors do not count: ${text.en}.`,
    zh: `${f.text("tensors")} 个张量不计入：${text.zh}。`,
  });
for (const [change, text] of Object.entries(changes))
  sentences[`change-${change}`] = (f) => ({
    en: `${f.text("tensors")} of ${f.text("of")} matrices: ${text.en}.`,
    zh: `${f.text("of")} 个矩阵中的 ${f.text("tensors")} 个：${text.zh}。`,
  });
for (const code of Object.keys(alignedAbout.says) as AlignedSays[]) {
  const { en, zh } = alignedAbout.says[code] as Bilingual;
  sentences[`says-${code}`] = () => ({ en: `In all: ${en}.`, zh: `总之：${zh}。` });
}

export const alignedSentences: Sentences = sentences;

function numbers(f: Facts, key: string, side: string, language: "en" | "zh"): string {
  const list = f.under(key).raw[side];
  if (!Array.isArray(list) || list.length === 0) return language === "en" ? "none" : "无";
  return list.slice(0, 12).join(", ") + (list.length > 12 ? " …" : "");
}

export function explainAligned(outcome: MethodOutcome): Bilingual {
  return explainWith(alignedSentences, outcome, alignedAbout.mayNotSay);
}
