import type { Bilingual } from "../method";

/**
 * Which axes may be permuted under the null of a private group: roles × axes. Admissible is an axis whose permutation
 * touches nothing but private, randomly initialised parameters. Everything else is shared with something that two
 * independent models may have in common, and matching along it convicts the innocent.
 */
export interface AxisRule {
  /** The parameter and what stands along its axis. */
  readonly axis: string;
  readonly role: Bilingual;
  readonly admissible: boolean;
  /** Forbidden in a private group, but counted once for the whole model, where nothing fixes the order (embedding-columns.ts). */
  readonly wholeModel?: true;
  readonly why: Bilingual;
}

export const axisRules: readonly AxisRule[] = [
  {
    axis: "mlp-hidden",
    role: {
      en: "hidden neurons of an MLP (rows of up and gate, columns of down)",
      zh: "MLP 的隐藏神经元（up、gate 的行，down 的列）",
    },
    admissible: true,
    why: {
      en: "the numbering is arbitrary: permuting touches only this MLP's own matrices",
      zh: "编号是任意的：置换只涉及该 MLP 自身的矩阵",
    },
  },
  {
    axis: "projector-hidden",
    role: { en: "hidden units of a two-layer projector", zh: "两层投影器的隐藏单元" },
    admissible: true,
    why: {
      en: "both matrices that share the axis belong to the projector",
      zh: "共用该轴的两个矩阵都属于投影器本身",
    },
  },
  {
    axis: "value-channel",
    role: {
      en: "value channels inside a head (rows of value, columns of attention-out)",
      zh: "单个注意力头内的 value 通道（value 的行，attention-out 的列）",
    },
    admissible: true,
    why: {
      en: "no position code acts on values; permuting touches value and output only, window by window inside a head",
      zh: "位置编码不作用于 value；置换只涉及 value 与输出矩阵，且窗口不跨越注意力头",
    },
  },
  {
    axis: "whole-head",
    role: { en: "whole heads without positions", zh: "不带位置编码的整个注意力头" },
    admissible: true,
    why: {
      en: "heads may be renumbered together with their parts of every projection; fewer than 64 of them carry too little to be tested here",
      zh: "注意力头可连同其各投影部分一起重新编号；少于 64 个时信息太少，本方法不予检验",
    },
  },
  {
    axis: "residual-stream",
    role: {
      en: "features of the residual stream (columns of readers, rows of writers, embeddings, norms)",
      zh: "残差流的特征（读取者的列、写入者的行、嵌入、归一化）",
    },
    admissible: false,
    why: {
      en: "shared with the language model: a base that both use fixes the numbering",
      zh: "与语言模型共用：双方使用同一基座时，编号已被固定",
    },
  },
  {
    axis: "embedding-column",
    role: {
      en: "features of the residual stream, seen in the embeddings of common tokens",
      zh: "残差流的特征，由共有词元的嵌入观察",
    },
    admissible: false,
    wholeModel: true,
    why: {
      en: "one order for the whole network: between two models it counts once, and not where an ancestor, a control with the same order, a table of positions or norms with biases may have fixed it",
      zh: "整个网络共用同一次序：在两个模型之间只计一次；若祖先、次序相同的对照、位置表或带偏置的归一化可能已将其固定，则不计",
    },
  },
  {
    axis: "linear-projector",
    role: { en: "rows or columns of a one-layer linear projector", zh: "单层线性投影器的行或列" },
    admissible: false,
    why: {
      en: "rows are the language model's features and columns the tower's: two independent projectors between the same frozen towers match 251 to 256 of 256 rows",
      zh: "行是语言模型的特征，列是视觉塔的特征：同一对冻结塔之间的两个独立投影器，256 行中有 251–256 行对上",
    },
  },
  {
    axis: "tower-output",
    role: { en: "features of a frozen tower's output", zh: "冻结塔的输出特征" },
    admissible: false,
    why: { en: "fixed by the tower that both use", zh: "由双方共用的塔固定" },
  },
  {
    axis: "query-key-channel",
    role: { en: "query and key channels inside a head", zh: "单个注意力头内的 query 与 key 通道" },
    admissible: false,
    why: {
      en: "rotary positions give every channel its own frequency: the order means something",
      zh: "旋转位置编码赋予每个通道各自的频率：顺序本身有意义",
    },
  },
  {
    axis: "token",
    role: {
      en: "tokens (rows of embeddings and heads, added tokens too)",
      zh: "词元（嵌入与输出头的行，含新增词元）",
    },
    admissible: false,
    why: { en: "the tokenizer numbers them", zh: "由分词器编号" },
  },
  {
    axis: "position",
    role: { en: "positional tables and sin-cos tables", zh: "位置表与正余弦表" },
    admissible: false,
    why: {
      en: "positions are in order, and constructors write the same tables",
      zh: "位置天然有序，且构造函数写出相同的表",
    },
  },
  {
    axis: "convolution-tap",
    role: { en: "taps and channels of convolutions", zh: "卷积核的位置与通道" },
    admissible: false,
    why: {
      en: "taps are neighbours in space or time; channels may be tied to the input or to residual paths",
      zh: "卷积核位置在空间或时间上相邻；通道可能与输入或残差路径绑定",
    },
  },
  {
    axis: "constant-start",
    role: { en: "parameters that start at zero, one or the identity", zh: "以零、一或单位矩阵初始化的参数" },
    admissible: false,
    why: {
      en: "their start is the same everywhere, so that it is no random initialisation",
      zh: "其初始值处处相同，不是随机初始化",
    },
  },
];

/** The table roles × axes of docs/METHODS.md, as Markdown. */
export function axesTable(): string {
  const rows = axisRules.map(
    ({ axis, role, admissible, wholeModel, why }) =>
      `| \`${axis}\` | ${role.en} | ${admissible || wholeModel ? "admissible" : "**forbidden**"} | ${admissible ? "admissible" : "**forbidden**"} | ${why.en} |`,
  );
  return [
    "| axis | what stands along it | between two models | in a private group | why |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
