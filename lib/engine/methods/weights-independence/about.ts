import type { MethodAbout } from "../method-about";

export const independenceAbout: MethodAbout = {
  id: "weights/independence",
  version: "2",
  kind: "exact",
  name: { en: "Independence of the weights", zh: "权重独立性" },
  measures: {
    en: "Whether neurons of both models keep the same numbering. From each layer's MLP the same 256 consecutive rows of both sides are read; in every window of eight rows the assignment with the largest |cosine| is solved, and the rows that meet their own index are counted. Rows that are zero, constant or repeated are left out, ties fall by a seeded shuffle, and layers or experts that resemble each other inside one model count once. The same is done with every control, layer by layer, and once with the columns of both embeddings over common tokens: the features of the residual stream, whose order the whole network shares.",
    zh: "检验双方模型的神经元是否保持同样的编号。从每层 MLP 中读取双方相同的 256 个连续行；在每个八行窗口内求 |余弦| 之和最大的指派，并统计与自身编号对上的行数。全零、恒定或重复的行不计，平局由带种子的洗牌决定，同一模型内部彼此相似的层或专家只计一次。对每个对照也逐层做同样的统计；另对双方嵌入在共有词元上的列做一次同样的统计：列即残差流的特征，其次序由整个网络共用。",
  },
  nullHypothesis: {
    en: "The two matrices come from independent random initialisations, and at least one training treats neurons alike whatever their number, so that within eight neighbouring rows any order is equally likely (for embeddings: columns). Then the count follows the exact law of fixed points of independent uniform permutations, whatever the suspect is.",
    zh: "两个矩阵来自相互独立的随机初始化，且至少一方的训练不因编号而区别对待神经元，因而相邻八行（嵌入则为列）之内任何次序等可能。此时无论被比对模型为何，计数都服从若干独立均匀置换的不动点的精确分布。",
  },
  mayNotSay: {
    en: "Not independent means a common origin of some kind: one from the other, both from a third, or the same initial values. It does not say which, nor in which direction, nor whether it was permitted. No evidence does not mean independent: a rotated residual stream, renumbered neurons where no embedding counts, or distillation leave nothing for this test to see.",
    zh: "“不独立”只表示存在某种共同来源：一方来自另一方、双方来自第三方，或初始值相同；它不说明是哪一种，也不说明方向，更不说明是否获得许可。“未见证据”不等于独立：残差流旋转、嵌入不计入时的神经元重新编号，或蒸馏，都不会留下本检验可见的痕迹。",
  },
  says: {
    "not-independent": {
      en: "the numbering of neurons, or of the embedding's features, agrees far more often than chance allows",
      zh: "神经元编号或嵌入特征编号的吻合远超偶然",
    },
    "no-evidence": {
      en: "the numbering agrees no more often than chance allows",
      zh: "编号的吻合没有超出偶然",
    },
    "not-testable": {
      en: "there are no MLP matrices of one width that can be read on both sides",
      zh: "双方没有宽度一致且可读取的 MLP 矩阵",
    },
  },
};
