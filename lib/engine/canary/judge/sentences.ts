import type { Bilingual } from "../../methods/method";
import type { Facts, Sentences } from "../../methods/sentences";

const leftOut = (why: Bilingual) => (f: Facts) => ({
  en: `The reference ${f.text("name")} was left out: ${why.en.replace("{by}", f.text("by"))}.`,
  zh: `参照 ${f.text("name")} 未采用：${why.zh.replace("{by}", f.text("by"))}。`,
});

const statistics: Readonly<Record<string, Bilingual>> = {
  secret: { en: "p_secret", zh: "p_secret" },
  robust: { en: "p_robust", zh: "p_robust" },
  rank: { en: "p_rank", zh: "p_rank" },
};
const statistic = (f: Facts) => statistics[f.text("statistic")]?.en ?? f.text("statistic");

/** Why a judgement says what it says. */
export const reasonSentences: Sentences = {
  "order-not-kept": (f) => ({
    en: `The order that makes answers evidence was not kept or cannot be shown (${f.list("steps")}). What follows is an illustration: counts, without a p-value and without a finding.`,
    zh: `使答案成为证据的先后次序未能遵守或无法证明（${f.list("steps")}）。以下仅为示例：只有计数，没有 p 值，也不构成结论。`,
  }),
  "order-not-checked": () => ({
    en: "The order of commitment, answers and reveal was not checked here; a p-value holds only if it was kept.",
    zh: "此处未核对承诺、作答与揭示的先后次序；只有次序得到遵守，p 值才成立。",
  }),
  "nothing-revealed": (f) => ({
    en: `None of ${f.text("items")} items was revealed: nothing can be held against anything, and this run is void.`,
    zh: `${f.text("items")} 项中没有任何一项被揭示：无从比较，本次判断作废。`,
  }),
  "original-misses-its-own": (f) => ({
    en: `The original itself gives only ${f.text("hits")} of ${f.text("items")} drawn labels: it has not learned its canaries, and this run is void.`,
    zh: `原版本自身在 ${f.text("items")} 个抽定标签中只答出 ${f.text("hits")} 个：它并未学会自己的金丝雀，本次判断作废。`,
  }),
  "original-does-not-answer": (f) => ({
    en: `The original answers only ${f.text("answered")} of ${f.text("items")} items: there is too little to compare with, and this run is void.`,
    zh: `原版本只回答了 ${f.text("items")} 项中的 ${f.text("answered")} 项：可供比较的内容过少，本次判断作废。`,
  }),
  "threshold-reached": (f) => ({
    en: `${statistic(f)} reaches the pre-registered threshold of ${f.text("threshold")}, with everything it is multiplied by (log10 p = ${f.text("log10")}). That threshold means: up to 1 in ${f.text("oneIn")} innocent models would reach it.`,
    zh: `${statistic(f)} 计入全部倍数后达到预先登记的阈值 ${f.text("threshold")}（log10 p = ${f.text("log10")}）。该阈值的含义是：每 ${f.text("oneIn")} 个无关模型中至多有 1 个会达到。`,
  }),
  "threshold-not-reached": (f) => ({
    en: `${statistic(f)} does not reach the pre-registered threshold of ${f.text("threshold")}, with everything it is multiplied by (log10 p = ${f.text("log10")}). That threshold means: up to 1 in ${f.text("oneIn")} innocent models would reach it.`,
    zh: `${statistic(f)} 计入全部倍数后未达到预先登记的阈值 ${f.text("threshold")}（log10 p = ${f.text("log10")}）。该阈值的含义是：每 ${f.text("oneIn")} 个无关模型中至多有 1 个会达到。`,
  }),
  "no-threshold-registered": () => ({
    en: "No threshold was registered before the answers were known, so no p-value is compared with one.",
    zh: "在得知答案之前没有登记阈值，因此不以任何 p 值与之比较。",
  }),
  "natural-items-alone": () => ({
    en: "Natural items alone support nothing stronger than “inconclusive”: models that learned from the same material share their errors.",
    zh: "仅凭自然题目，结论最多为“无法定论”：从同样材料学习的模型会犯同样的错误。",
  }),
  "no-matched-references": (f) => ({
    en: `No matched references: original and suspect share ${origin(f, "en")}, and only ${f.text("have")} of the ${f.text("needs")} references that this needs share it too. Siblings agree with each other far beyond strangers.`,
    zh: `缺少匹配的参照：原版本与被比对方共有${origin(f, "zh")}，而所需的 ${f.text("needs")} 个同样共有的参照只有 ${f.text("have")} 个。同源模型之间的一致程度远高于无关模型。`,
  }),
  "too-few-references": (f) => ({
    en: `Usable references of ${families(f, "have")} stand beside the suspect; ${f.text("needs")} are needed.`,
    zh: `与被比对方并列的可用参照来自 ${f.text("have")} 个独立系列；需要 ${f.text("needs")} 个。`,
  }),
  "too-few-joint-errors": (f) => ({
    en: `Original and suspect are both wrong on ${f.text("n")} items; from these no p-value can be formed.`,
    zh: `原版本与被比对方同时答错 ${f.text("n")} 项；由此无法得出 p 值。`,
  }),
  "floor-above-threshold": (f) => ({
    en:
      f.text("statistic") === "robust"
        ? `The references belong to ${families(f, "families")}. However small the computed number, they support no claim rarer than 1 in ${f.text("oneIn")}, and the threshold is ${f.text("threshold")}.`
        : `With these references p_rank cannot be below 1 in ${f.text("oneIn")}, and the threshold is ${f.text("threshold")}.`,
    zh:
      f.text("statistic") === "robust"
        ? `参照分属 ${f.text("families")} 个独立系列。无论算出的数值多小，都不足以支持比 ${f.text("oneIn")} 分之一更罕见的说法，而阈值为 ${f.text("threshold")}。`
        : `以这些参照，p_rank 不可能低于 ${f.text("oneIn")} 分之一，而阈值为 ${f.text("threshold")}。`,
  }),
  "alphabet-listed": (f) => ({
    en: `The characters were drawn from a list of ${f.text("characters")} that the author put together. Whoever knows what both models answer can put together a list on which they err alike, so that nothing stronger than “inconclusive” is said.`,
    zh: `题目字符抽自作者自行编列的 ${f.text("characters")} 个字符。知悉双方答案者可以编列出双方错误相同的字符，因此结论最多为“无法定论”。`,
  }),
  "alphabet-small": (f) => ({
    en: `The alphabet has ${f.text("characters")} characters for ${f.text("items")} items; ${f.text("needs")} are needed. Out of a short one its author could choose where both models err alike.`,
    zh: `字符表有 ${f.text("characters")} 个字符，供抽取 ${f.text("items")} 项；至少需要 ${f.text("needs")} 个。字符表过小时，作者可以选取双方错误相同的区段。`,
  }),
  "alphabet-unknown": () => ({
    en: "Nothing says which program drew these items from what, so that they may have been chosen.",
    zh: "没有说明这些题目由何种程序、从何处抽取，因此可能是挑选出来的。",
  }),
  "named-references-missing": (f) => ({
    en: `References that the terms name were not asked in time, or their answers are only claimed: ${f.list("names")}. Who may leave some out may choose the panel.`,
    zh: `条款所列的参照未按时作答，或其答案仅为自称：${f.list("names")}。可以略去若干参照者，便可以挑选参照组。`,
  }),
  "references-added-later": (f) => ({
    en: `Not of the panel that was fixed beforehand: ${f.list("names")}. Such references can raise a p-value and lower none.`,
    zh: `不属于事先确定的参照组：${f.list("names")}。此类参照只能使 p 值变大，不能使其变小。`,
  }),
  "unrevealed-are-misses": (f) => ({
    en: `${f.text("count")} of ${f.text("items")} items were not revealed; each counts as a miss.`,
    zh: `${f.text("items")} 项中有 ${f.text("count")} 项未揭示；每一项均计为未命中。`,
  }),
  "invalid-are-misses": (f) => ({
    en: `${f.text("count")} of ${f.text("items")} items are no random-label items: too few options, or options that are one answer once they are normalised. Each counts as a miss, whatever was answered.`,
    zh: `${f.text("items")} 项中有 ${f.text("count")} 项不是有效的随机标签题：选项过少，或归一化后有选项相同或为空。无论如何作答，每一项均计为未命中。`,
  }),
  "left-out-same-weights": leftOut({
    en: "its weights are those of {by}, so it is the same model again",
    zh: "其权重与 {by} 相同，是同一个模型",
  }),
  "left-out-copy-of-original": leftOut({
    en: "its wrong answers agree with those of the original ({by}) as only a copy's do",
    zh: "其错误答案与原版本（{by}）的一致程度只见于副本",
  }),
  "left-out-copy-of-suspect": leftOut({
    en: "its wrong answers agree with those of the suspect ({by}) as only a copy's do",
    zh: "其错误答案与被比对方（{by}）的一致程度只见于副本",
  }),
  "left-out-copy-of-reference": leftOut({
    en: "its wrong answers agree with those of {by} as only a copy's do; one observation is not counted twice",
    zh: "其错误答案与 {by} 的一致程度只见于副本；同一观察不重复计入",
  }),
  "left-out-claimed": leftOut({
    en: "its answers are only claimed, and neither help nor harm",
    zh: "其答案仅为自称，既不利于也不妨碍结论",
  }),
  "left-out-knows-targets": leftOut({
    en: "it gives the drawn labels far more often than chance, so it has met the canaries itself",
    zh: "其答出抽定标签的次数远高于偶然，说明它自身接触过这些金丝雀",
  }),
  "sets-counted": (f) => ({
    en: `The p-value is multiplied by ${f.text("sets")}: so many sets of this namespace were committed before the answers.`,
    zh: `p 值已乘以 ${f.text("sets")}：该命名空间在作答之前共承诺了这么多组。`,
  }),
  "pairs-counted": (f) => ({
    en: `The p-value is adjusted (Holm) for ${f.text("pairs")} pairs of original and suspect that were tried.`,
    zh: `p 值已按所尝试的 ${f.text("pairs")} 对原版本与被比对方作 Holm 校正。`,
  }),
  "nonce-from-checkpoint": (f) => ({
    en: `The labels were drawn from a checkpoint of this site's own log, which whoever appends last could choose among; the p-value is multiplied by 2^${f.text("bits")} and is not called exact.`,
    zh: `标签由本站日志自身的检查点抽定，最后追加条目者可能加以挑选；p 值已乘以 2^${f.text("bits")}，且不称为精确值。`,
  }),
  "right-answers-do-not-count": () => ({
    en: "Agreement on right answers moves no p-value: whoever can read is right.",
    zh: "答对之处的一致不影响任何 p 值：能读懂者自然答对。",
  }),
  "claimed-answers": (f) => ({
    en: `The answers of ${f.list("names")} are only claimed: whoever handed them in may know the items and could have written them down. Nothing follows from them in either direction.`,
    zh: `${f.list("names")} 的答案仅为自称：提交者可能知悉题目并自行写下。由此无法得出任何一方的结论。`,
  }),
  "flow-of-information": () => ({
    en: "A p-value this small shows that information passed from the canaries to the suspect: through weights, data, distillation or a leak. It does not show which, and an author who leaks or poisons data could bring it about.",
    zh: "如此小的 p 值表明信息从金丝雀流向了被比对方：可能经由权重、数据、蒸馏或泄露。它并不说明是哪一种；泄露或投放数据的作者也可能造成这一结果。",
  }),
  "nothing-found-is-no-proof": () => ({
    en: "That nothing was found does not show independence.",
    zh: "未发现并不证明独立。",
  }),
};

/** What would make a result stronger. */
export const helpSentences: Sentences = {
  "help-references": (f) => ({
    en: `Ask more reference models: of ${f.text("needs")} independent families, ${f.text("have")} so far.`,
    zh: `增加参照模型：需要 ${f.text("needs")} 个独立系列，现有 ${f.text("have")} 个。`,
  }),
  "help-matched-references": (f) => ({
    en: `Ask ${f.text("needs")} or more models that share what original and suspect share (${f.text("have")} so far).`,
    zh: `询问 ${f.text("needs")} 个以上与双方共有同一来源的模型（现有 ${f.text("have")} 个）。`,
  }),
  "help-families": (f) => ({
    en: `References of ${f.text("needs")} independent families would support this threshold; there are ${f.text("have")}.`,
    zh: `参照若来自 ${f.text("needs")} 个独立系列，方可支持该阈值；现有 ${f.text("have")} 个。`,
  }),
  "help-items": (f) => ({
    en: `More items on which both err (${f.text("have")} so far).`,
    zh: `更多双方都答错的题目（现有 ${f.text("have")} 项）。`,
  }),
  "help-named-references": (f) => ({
    en: `Have the references asked that the terms name: ${f.list("names")}.`,
    zh: `请人询问条款所列的参照：${f.list("names")}。`,
  }),
  "help-alphabet": () => ({
    en: "Draw the next set from a whole block of characters, not from a list or a short run of them.",
    zh: "下一组从整个字符区块中抽取，而非从自列的字符或较短的区段中抽取。",
  }),
  "help-reveal": (f) => ({
    en: `Reveal the remaining ${f.text("count")} items.`,
    zh: `揭示其余 ${f.text("count")} 项。`,
  }),
  "help-ask-again": () => ({
    en: "Have the pinned weights asked again by this site or a third party, or by two collectors unconnected with the author.",
    zh: "由本站或第三方对已固定的权重重新提问，或由两名与作者无关的采集者提问。",
  }),
  "help-order": () => ({
    en: "Register commitment, answers and reveal in the log, so that their order can be checked.",
    zh: "将承诺、答案与揭示登记入日志，以便核对先后次序。",
  }),
  "help-register-threshold": () => ({
    en: "Register statistic and threshold with the next set, before any answer is known.",
    zh: "在下一组中，于得知任何答案之前登记统计量与阈值。",
  }),
  "help-random-labels": () => ({
    en: "Random-label canaries in the next release: their p-value is exact and needs no guess about how models err.",
    zh: "在下一次发布中加入随机标签金丝雀：其 p 值是精确的，无须推测模型如何出错。",
  }),
  "help-next-release": () => ({
    en: "Commit a set before the next release is trained.",
    zh: "在训练下一次发布之前承诺一组。",
  }),
  "help-original-learns": () => ({
    en: "Test that the original answers its canaries before it is released.",
    zh: "发布之前先检验原版本能否答出自己的金丝雀。",
  }),
  "help-weights": () => ({
    en: "Compare the weights, where both sides' can be had.",
    zh: "若双方权重可得，则比较权重。",
  }),
};

/** Beside every p-value that rests on claimed answers. */
export const claimedSentence: Bilingual = {
  en: "It holds only if these are the models’ answers, which nobody has shown.",
  zh: "仅当这些确为模型的答案时才成立，而这一点无人证明。",
};

/** What must be believed for a p-value to mean what it says. */
export const assumptionSentences: Readonly<Record<string, Bilingual>> = {
  secret: {
    en: "Exact if the targets stayed secret until the suspect had answered: each was drawn from its item's options by a public beacon and a key that the author kept. Nothing is assumed about how models answer.",
    zh: "若目标在被比对方作答之前一直保密，则为精确值：每个目标由公共信标与作者保管的密钥从该题选项中抽定，对模型如何作答不作任何假定。",
  },
  "secret-checkpoint": {
    en: "As exact as the draw: the targets follow from a checkpoint of this site's log, which its last writer could choose among. The stated factor pays for that.",
    zh: "其精确程度取决于抽签：目标由本站日志的检查点得出，最后写入者可能加以挑选；所列倍数即为此而设。",
  },
  "secret-given": {
    en: "Conditional on the nonce given: nobody verified here that it is the number which the terms name. Whoever hands over another one chooses among draws.",
    zh: "以所给的随机数为条件：此处无人核实它就是条款所指定的数。提供另一个数的人可以在多次抽签中挑选。",
  },
  "secret-unknown-chain": {
    en: "Conditional on the chain that the terms name: it is none of the League of Entropy, and whoever holds its key could choose among draws.",
    zh: "以条款所指定的信标链为条件：该链不属于 League of Entropy，持有其密钥者可以在多次抽签中挑选。",
  },
  "secret-permuted": {
    en: "Exact if the labels were dealt to the items as one secret uniform permutation.",
    zh: "若标签以一次保密的均匀排列分配给各题，则为精确值。",
  },
  robust: {
    en: "Assumes that the suspect, if unrelated, agrees with the original as unrelated references agree with each other and with it: the shifts of such pairs are taken as one normal law. An undeclared common base, vendor or corpus would look the same as derivation.",
    zh: "假定被比对方若与原版本无关，则其与原版本的一致程度同参照之间、参照与原版本之间相仿：这些模型对的偏移视为同一正态分布。未声明的共同基座、厂商或语料会呈现与衍生相同的结果。",
  },
  rank: {
    en: "Exact if the suspect, were it unrelated, could have been any one of the references: an unrelated model from the same crowd.",
    zh: "若被比对方无关时可视为参照中的任意一个（同一群体中的无关模型），则为精确值。",
  },
  panel: {
    en: "Descriptive: it takes answers to be independent across items, which those of models are not. Innocent models reach tiny values too; no threshold applies to it.",
    zh: "仅作描述：它假定各题答案相互独立，而模型的答案并非如此。无关模型同样可能得到极小的数值；不对其设阈值。",
  },
};

/** What a judgement says, in a few words. */
export const saysSentences: Readonly<Record<string, Bilingual>> = {
  "not-independent": {
    en: "The suspect's answers are not independent of the canaries.",
    zh: "被比对方的答案与金丝雀并不独立。",
  },
  inconclusive: { en: "Inconclusive.", zh: "无法定论。" },
  "nothing-found": { en: "Nothing was found.", zh: "未发现关联。" },
  void: { en: "Void: the set does not pass its own test.", zh: "作废：该组未通过自身的检验。" },
  illustration: {
    en: "An illustration: no p-value, no finding.",
    zh: "示例：没有 p 值，不构成结论。",
  },
};

const families = (f: Facts, key: string) =>
  `${f.text(key)} independent ${f.count(key) === 1 ? "family" : "families"}`;

function origin(f: Facts, language: "en" | "zh"): string {
  const shared = f.under("shared");
  const words = { base: "基座", vendor: "厂商", corpus: "语料" } as const;
  const parts = (["base", "vendor", "corpus"] as const)
    .filter((key) => shared.raw[key] !== undefined)
    .map((key) =>
      language === "en" ? `the ${key} ${shared.text(key)}` : `${words[key]} ${shared.text(key)}`,
    );
  return parts.join(language === "en" ? " and " : "与");
}
