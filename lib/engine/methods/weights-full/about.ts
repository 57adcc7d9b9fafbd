import type { MethodAbout } from "../method-about";
import { noNull } from "../method-about";

export const weightsFullAbout: MethodAbout = {
  id: "weights/full",
  version: "2",
  kind: "descriptive",
  name: { en: "Weights in full", zh: "权重全量比较" },
  measures: {
    en: "Every byte of the weight files of both releases and of every given ancestor: the SHA-256 of each leaf of 1 MiB, how many leaves one side holds that the other holds too, and, for all matched tensors over all their values, equal values, correlation, ratio of sizes, and the mean, spread and kurtosis of the difference. With ancestors, how much of one side's own difference from them the other side carries. The sketches of the tensors are recorded by their digests.",
    zh: "读取双方及每个所给祖先权重文件的每一个字节：计算每 1 MiB 叶块的 SHA-256，统计一方的叶块中有多少也为另一方所有；并对全部匹配张量的全部数值，计算相同数值的个数、相关系数、大小之比，以及差值的均值、离散程度与峰度。给出祖先时，还计算一方自身相对祖先的差异有多少出现在另一方。各张量的概略（sketch）以摘要记录。",
  },
  nullHypothesis: noNull,
  mayNotSay: {
    en: "Equal leaves say that both sides hold the same bytes, not which side had them first. The correlation alone cannot tell a sibling from a copy, and the coefficient beyond the ancestors alone cannot tell a copy from honest work on the same data or from an undeclared common start. Reading everything makes the figures exact; it does not make them a proof.",
    zh: "叶块相同只说明双方持有同样的字节，不说明谁先持有。仅凭相关系数无法区分兄弟模型与副本；仅凭扣除祖先后的系数，无法区分副本与使用相同数据的诚实工作或未声明的共同起点。全量读取使数字精确，但并不使其成为证明。",
  },
  says: {
    "all-bytes-equal": {
      en: "every leaf of the tensors that count is held by the other side, too",
      zh: "计入张量的每个叶块均为另一方所有",
    },
    "some-bytes-equal": {
      en: "some leaves of the tensors that count are held by the other side, and by no given ancestor",
      zh: "计入张量的部分叶块为另一方所有，且不为任何所给祖先所有",
    },
    "no-bytes-equal": {
      en: "no leaf of the tensors that count is held by the other side alone",
      zh: "计入张量中没有仅为另一方所有的相同叶块",
    },
    "not-testable": {
      en: "the weights of at least one side could not be read",
      zh: "至少有一方的权重无法读取",
    },
  },
};
