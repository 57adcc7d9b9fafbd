import { codeAbout } from "./code/about";
import { type MethodAbout, noNull } from "./method-about";
import { alignedAbout } from "./weights-aligned/about";
import { fingerprintAbout } from "./weights-fingerprint/about";
import { weightsFullAbout } from "./weights-full/about";
import { independenceAbout } from "./weights-independence/about";
import { invariantAbout } from "./weights-invariant/about";

export { type MethodAbout, methodSlug } from "./method-about";

export const identityAbout: MethodAbout = {
  id: "identity",
  version: "2",
  kind: "descriptive",
  name: { en: "Identity of files", zh: "文件同一性" },
  measures: {
    en: "Whether files of both releases are the same bytes, from the git blob ids and SHA-256 values that the listings state, and whether small JSON files are the same content in another layout. Empty files, licence texts and repository housekeeping are listed but do not count; nor does content that a given ancestor holds too. At level 3, where every byte is read, also whether single tensors are the same bytes under other names, in another order or in other files, and which of them a given ancestor holds.",
    zh: "依据文件清单所载的 git blob 标识与 SHA-256，判断两个发布版本中的文件是否逐字节相同；并判断小型 JSON 文件是否内容相同而排版不同。空文件、许可证文本和仓库杂项文件会列出但不计入；所给祖先也含有的内容同样不计入。在读取全部字节的第 3 级，还判断各个张量是否以其他名称、次序或文件逐字节相同，以及其中哪些为所给祖先所有。",
  },
  nullHypothesis: noNull,
  mayNotSay: {
    en: "Equal files say that both sides hold the same content; they do not say which side had it first, nor whether it was permitted. Files that differ say nothing about the weights.",
    zh: "文件相同只表明双方持有同样的内容，并不说明谁先持有，也不说明是否获得许可；文件不同则对权重没有任何说明。",
  },
  says: {
    "same-weights": {
      en: "all weight files, or all tensors that count, have the same content",
      zh: "全部权重文件或计入的全部张量内容相同",
    },
    "some-weights-same": {
      en: "some weight files or tensors have the same content",
      zh: "部分权重文件或张量内容相同",
    },
    "same-files": { en: "counted files have the same content", zh: "计入的文件中有内容相同的" },
    "nothing-same": { en: "no counted file has the same content", zh: "计入的文件中没有内容相同的" },
  },
};

export const architectureAbout: MethodAbout = {
  id: "architecture",
  version: "1",
  kind: "descriptive",
  name: { en: "Architecture and names", zh: "结构与命名" },
  measures: {
    en: "Whether the tensors of both releases correspond one to one under a short rename map, from weight headers and the shard index; which configuration keys are equal, different or found on one side only; and leftovers: references to modules that only the other side has, and stated figures that repeat the other side's mistake. Keys of given ancestors are set apart.",
    zh: "依据权重文件头与分片索引，判断两个发布版本的张量能否在一份简短的改名对照下一一对应；比较配置项中相同、不同和仅一方具有的键；并查找残留：指向仅另一方才有的模块的引用，以及重复了另一方错误的数字。所给祖先具有的键另行列出。",
  },
  nullHypothesis: noNull,
  mayNotSay: {
    en: "The method has no power about weights: models trained independently from one published design have the same structure. It may say that two releases are comparable or have the same structure, never that one comes from the other.",
    zh: "本方法对权重没有判别力：依照同一公开设计独立训练的模型，结构也会相同。它只能说明两个发布版本可以比较或结构相同，不能说明一方来自另一方。",
  },
  says: {
    "same-structure": { en: "all tensors correspond one to one", zh: "全部张量一一对应" },
    comparable: { en: "most tensors correspond", zh: "多数张量相互对应" },
    different: { en: "the structures differ", zh: "结构不同" },
    "not-testable": { en: "tensor names are not known on both sides", zh: "并非双方的张量名都可得知" },
  },
};

export const tokenizerAbout: MethodAbout = {
  id: "tokenizer",
  version: "1",
  kind: "descriptive",
  name: { en: "Tokenizer", zh: "分词器" },
  measures: {
    en: "How much of vocabulary and merges both sides share, how many shared tokens have the same id, which special tokens were added, moved or redefined, and whether pre-tokeniser and chat template are equal. Against given ancestors it sets apart the tokens that a side defined itself, and counts how many of those the other side shares.",
    zh: "衡量双方词表与合并规则的重合程度、共有词元中编号相同的比例、特殊词元的增加、移动与重定义，以及预分词器和对话模板是否相同。对照所给祖先，另行列出一方自行定义的词元，并统计另一方共有其中多少个。",
  },
  nullHypothesis: noNull,
  mayNotSay: {
    en: "A shared tokenizer alone is common, also between unrelated models of one family. Tokens that one side defined itself are a mark of where the tokenizer comes from; they say nothing about the weights.",
    zh: "仅仅共用分词器十分常见，同一系列中互不相关的模型也会如此。一方自行定义的词元可以标示分词器的来源，但对权重没有任何说明。",
  },
  says: {
    "same-tokenizer": { en: "vocabulary, ids and merges are the same", zh: "词表、编号与合并规则相同" },
    "largely-same": { en: "nine tenths or more of the vocabulary is shared", zh: "词表重合达九成以上" },
    different: { en: "less than nine tenths of the vocabulary is shared", zh: "词表重合不足九成" },
    "not-testable": { en: "the vocabularies cannot be read on both sides", zh: "并非双方的词表都可读取" },
  },
};

export const lineageAbout: MethodAbout = {
  id: "lineage",
  version: "2",
  kind: "descriptive",
  name: { en: "Declared lineage", zh: "声明的来源" },
  measures: {
    en: "What the model cards at these commits declare: base models, their relation, licence, data sets, and whether a card declares or names the other release. Against each given ancestor it holds samples of every tensor, so that a claim such as “the vision tower is the frozen tower of the base” can be checked.",
    zh: "模型卡在该提交中声明了什么：基础模型、与其关系、许可证、数据集，以及是否声明或提到另一个发布版本。对照所给的每个祖先抽样比较各张量，因而诸如“视觉塔为基础模型之冻结视觉塔”的说法可以核对。",
  },
  nullHypothesis: noNull,
  mayNotSay: {
    en: "The method reports what is declared, not whether it is true. A missing declaration is not a finding: cards change, and credit may be given elsewhere.",
    zh: "本方法只报告声明的内容，不判断其真实与否。没有声明并不构成结论：模型卡会变动，署名也可能写在别处。",
  },
  says: {
    declared: { en: "a card declares the other release as its base", zh: "有模型卡声明以另一方为基础" },
    mentioned: { en: "a card names the other release", zh: "有模型卡提到另一方" },
    "not-declared": { en: "neither card names the other release", zh: "双方模型卡均未提到另一方" },
    inconclusive: { en: "what is declared cannot be fully known", zh: "无法完整得知声明的内容" },
  },
};

/** In the order in which results list them. */
export const methodsAbout: readonly MethodAbout[] = [
  identityAbout,
  architectureAbout,
  tokenizerAbout,
  alignedAbout,
  independenceAbout,
  invariantAbout,
  weightsFullAbout,
  fingerprintAbout,
  codeAbout,
  lineageAbout,
];
