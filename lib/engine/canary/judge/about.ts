/**
 * The judge as a method with a version: raised whenever the same answers could lead to another judgement, and what a
 * recall names.
 */
export const canaryJudgeAbout = {
  id: "canary/judge",
  version: "1",
  kind: "calibrated",
  name: { en: "Judge of canaries", zh: "金丝雀判定" },
  measures: {
    en: "Whether a model's answers to a set that was committed beforehand agree with the original's as only a connection explains: hits on randomly drawn labels, or shared wrong answers beside those of unrelated references. Which statistic counts was registered before anybody answered.",
    zh: "针对事先承诺的题目集，判断某模型的答案与原模型的一致程度是否只能由二者存在联系来解释：随机抽取标签的命中数，或与无关参照模型相比的共同错误答案。以哪个统计量为准，在任何一方作答之前即已登记。",
  },
  nullHypothesis: {
    en: "Of drawn labels: the answers know nothing of the draw (exact). Of natural items: suspect and original agree on wrong answers as pairs of unrelated references do (calibrated). No binomial null is used for natural items.",
    zh: "对随机抽取的标签：答案与抽取结果无关（精确）。对自然题目：被比对模型与原模型在错误答案上的一致程度，与互不相关的参照模型两两之间相当（经校准）。自然题目不使用二项零假设。",
  },
  mayNotSay: {
    en: "A rejection shows that information flowed, through weights, data, distillation or a leak, and not which of them, nor in which direction. Answers that are merely claimed move no finding.",
    zh: "拒绝零假设只说明存在信息流动，可能经由权重、数据、蒸馏或泄漏，并不说明是哪一种，也不说明方向。仅属自述的答案不能改变任何结论。",
  },
  says: {
    "not-independent": {
      en: "the registered statistic reached its registered threshold",
      zh: "所登记的统计量达到了所登记的阈值",
    },
    inconclusive: { en: "nothing can be concluded, for the stated reasons", zh: "因所述理由无法得出结论" },
    "nothing-found": { en: "the registered threshold was not reached", zh: "未达到所登记的阈值" },
    void: { en: "the original does not pass its own canaries", zh: "原模型未通过自己的金丝雀题目" },
    illustration: {
      en: "counts only: the steps are not in the order that would make this evidence",
      zh: "仅列计数：各步骤的先后次序不足以构成证据",
    },
  },
} as const;
