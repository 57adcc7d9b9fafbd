import type { MethodAbout } from "../method-about";

export const invariantAbout: MethodAbout = {
  id: "weights/invariant",
  version: "2",
  kind: "exact",
  name: { en: "Disguised by symmetry", zh: "对称变换下的伪装" },
  measures: {
    en: "Whether the weights agree once the freedoms of a network are taken out. First (2B) neurons are seen through the embeddings of tokens that both vocabularies share: a rotation of the residual stream, gains folded into matrices and the hidden size itself drop out, and the rows are matched in windows of eight as in weights/independence. Only if neither this nor the neurons of weights/independence show anything (2C), each neuron of one layer looks for its nearest among all neurons of the other side, by two matrices separately, and it is counted where both name the same; unrelated controls say what is ordinary.",
    zh: "检验在消去网络的等价自由度之后，权重是否仍然吻合。首先（2B）通过双方词表共有词元的嵌入来观察神经元：残差流的旋转、并入矩阵的增益以及隐藏维度本身都被消去，再如 weights/independence 一样在八行窗口内匹配。仅当 weights/independence 的神经元与 2B 都无所见时（2C），才让某一层的每个神经元在另一方全部神经元中，分别依两个矩阵寻找最近者，统计两次所指相同的个数；何为寻常，由无关的对照给出。",
  },
  nullHypothesis: {
    en: "2B: as weights/independence, for neurons seen through tokens. Models trained on like data share features, which raises the count a little; rows are granted for that, and no p below 1e-6 is printed. 2C has no exact null: its answer is calibrated by at least two unrelated controls, or inconclusive.",
    zh: "2B：同 weights/independence，只是神经元改由词元来观察。训练数据相近的模型会有共同特征，计数因而略高；为此预先扣除若干行，且不给出低于 1e-6 的 p 值。2C 没有精确的零假设：其结论须由至少两个无关对照校准，否则不能定论。",
  },
  mayNotSay: {
    en: "Agreement means a common origin of some kind, not which side came first or whether it was permitted. An answer from 2C rests on the controls named and is no proof by itself. No evidence does not exclude derivation: permutation together with rotation and re-trained embeddings, or distillation, leave nothing to see. Norm gains, per-layer deviations, singular values, activation similarity or an identical tokenizer are never proof.",
    zh: "吻合只表示存在某种共同来源，不说明谁先谁后，也不说明是否获得许可。2C 的结论依赖所列对照，本身不是证明。未见证据也不能排除衍生：置换加旋转并重新训练嵌入，或蒸馏，都不会留下可见痕迹。归一化增益、各层标准差、奇异值、激活相似度或相同的分词器，从不构成证明。",
  },
  says: {
    "not-independent": {
      en: "neurons seen through shared tokens agree far more often than chance allows",
      zh: "经共有词元观察，神经元的吻合远超偶然",
    },
    "not-independent-calibrated": {
      en: "renumbered neurons were found again, far above every unrelated control",
      zh: "重新编号的神经元被找回，远高于所有无关对照",
    },
    inconclusive: {
      en: "renumbered neurons seem to have been found again, but fewer than two unrelated controls say what is ordinary",
      zh: "似乎找回了重新编号的神经元，但无关对照不足两个，何为寻常不得而知",
    },
    "no-evidence": { en: "nothing beyond chance and the controls was seen", zh: "未见超出偶然与对照的吻合" },
    "not-testable": {
      en: "no shared tokens and no comparable layer could be read on both sides",
      zh: "双方没有可读取的共有词元，也没有可比较的层",
    },
  },
};
