import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Facts, type Sentences, sideName } from "../sentences";
import { codeAbout } from "./about";

const reasonsForSkipping: Readonly<Record<string, Bilingual>> = {
  vendored: { en: "they stand in a folder of installed packages", zh: "位于已安装软件包的文件夹中" },
  "too-large": { en: "they are larger than 512 KiB", zh: "大于 512 KiB" },
  "beyond-budget": { en: "the release is larger than what is read", zh: "发布版本超出读取上限" },
  unavailable: { en: "their bytes cannot be had", zh: "内容无法取得" },
  "not-text": { en: "they are not UTF-8 text", zh: "不是 UTF-8 文本" },
  minified: { en: "they are minified", zh: "经过压缩" },
  "too-deep": { en: "they are nested too deeply", zh: "嵌套过深" },
  "too-many-tokens": { en: "they hold too many tokens", zh: "词元过多" },
  unreadable: { en: "they could not be parsed", zh: "无法解析" },
};

const wherePhrases: Readonly<Record<string, Bilingual>> = {
  remark: { en: "in a comment", zh: "出现在注释中" },
  string: { en: "in a text", zh: "出现在文本中" },
  identifier: { en: "once as a name", zh: "作为名称出现一次" },
};

export const codeSentences: Sentences = {
  "no-source-code": (f) => ({
    en: `${capital(sideName(f.text("side")).en)} has no source file that can be read.`,
    zh: `${sideName(f.text("side")).zh}没有可读取的源文件。`,
  }),
  "source-code": (f) => ({
    en: `${capital(sideName(f.text("side")).en)}: ${f.text("files")} source files with ${f.text("functions")} named functions.`,
    zh: `${sideName(f.text("side")).zh}：${f.text("files")} 个源文件，${f.text("functions")} 个具名函数。`,
  }),
  "files-left-out": (f) => {
    const why = reasonsForSkipping[f.text("why")] ?? { en: f.text("why"), zh: f.text("why") };
    const side = sideName(f.text("side"));
    return {
      en: `${f.text("files")} source files of ${side.en} were left out because ${why.en} (${f.list("examples", 3)}).`,
      zh: `${side.zh}有 ${f.text("files")} 个源文件未计入，因为${why.zh}（${f.list("examples", 3)}）。`,
    };
  },
  "too-little-code": (f) => ({
    en: `Too little code counts to tell: ${f.text("original")} tokens of the original and ${f.text("suspect")} of the suspect, ${f.text("enough")} are needed on both sides.`,
    zh: `计入的代码过少，无法判断：原版本 ${f.text("original")} 个词元，被比对版本 ${f.text("suspect")} 个，双方各需 ${f.text("enough")} 个。`,
  }),
  "code-covered": (f) => ({
    en: `Of what counts, ${percent(f, "original")} of the original and ${percent(f, "suspect")} of the suspect are matched, in ${f.text("pairs")} pairs of functions, ${f.text("strong")} of them strong.`,
    zh: `在计入的代码中，原版本的 ${percent(f, "original")} 与被比对版本的 ${percent(f, "suspect")} 得到匹配，共 ${f.text("pairs")} 对函数，其中 ${f.text("strong")} 对较强。`,
  }),
  "tiny-functions": (f) => ({
    en: `${f.text("pairs")} pairs share fewer than ${f.text("tiny")} tokens that count: anybody might write those alike, so nothing is said about them.`,
    zh: `${f.text("pairs")} 对共有的计入词元不足 ${f.text("tiny")} 个：任何人都可能写成这样，因此对它们不作判断。`,
  }),
  "function-match": (f) => ({
    en: `${f.text("original")} corresponds to ${f.text("suspect")} (${percent(f, "coveredOriginal")} and ${percent(f, "coveredSuspect")} matched, ${percent(f, "consistency")} of the names under one map).`,
    zh: `${f.text("original")} 对应 ${f.text("suspect")}（分别匹配 ${percent(f, "coveredOriginal")} 与 ${percent(f, "coveredSuspect")}，${percent(f, "consistency")} 的名称符合同一对照）。`,
  }),
  channels: (f) => ({
    en: `Where the structure matches, a one-to-one map explains ${percent(f, "consistency")} of ${f.text("identifiers")} names (${percent(f, "equalNames")} are unchanged), ${percent(f, "operators")} of the operators and ${percent(f, "literals")} of the literals are equal.`,
    zh: `在结构匹配之处，一一对应的对照可解释 ${f.text("identifiers")} 个名称中的 ${percent(f, "consistency")}（${percent(f, "equalNames")} 未改动），运算符有 ${percent(f, "operators")} 相同，字面量有 ${percent(f, "literals")} 相同。`,
  }),
  "names-mapped": (f) => ({
    en: `Names that correspond (original → suspect): ${f.list("names", 12)}.`,
    zh: `相互对应的名称（原版本 → 被比对版本）：${f.list("names", 12)}。`,
  }),
  "leftover-identifier": (f) => {
    const [here, there] = [
      sideName(f.text("side")),
      sideName(f.text("side") === "original" ? "suspect" : "original"),
    ];
    const where = wherePhrases[f.text("where")] ?? { en: f.text("where"), zh: f.text("where") };
    return {
      en: `${f.text("name")}, a name that ${there.en} uses ${f.text("uses")} times, stands in ${here.en} ${where.en} (${f.text("path")}:${f.text("line")}).`,
      zh: `${f.text("name")} 是${there.zh}使用 ${f.text("uses")} 次的名称，在${here.zh}中${where.zh}（${f.text("path")}:${f.text("line")}）。`,
    };
  },
  "no-ancestor-given": () => ({
    en: "No ancestor was given, so code of a common source is not set apart.",
    zh: "没有给出祖先，因此共同来源的代码未被区分。",
  }),
  "ancestors-subtracted": (f) => ({
    en: `The ${f.text("given")} given ancestors have ${percent(f, "original")} of the original's tokens and ${percent(f, "suspect")} of the suspect's; these do not count. They explain ${percent(f, "ofMatched")} of what matches. An ancestor is one only if it is older than the original.`,
    zh: `所给的 ${f.text("given")} 个祖先含有原版本 ${percent(f, "original")} 与被比对版本 ${percent(f, "suspect")} 的词元，这些不计入；它们可解释匹配部分的 ${percent(f, "ofMatched")}。祖先必须早于原版本。`,
  }),
  "controls-compared": (f) => ({
    en: `The score is ${f.text("score")}; of ${f.text("controls")} unrelated controls the highest score against either side is ${f.text("highest")}.`,
    zh: `得分为 ${f.text("score")}；${f.text("controls")} 个无关对照与任一方相比的最高得分为 ${f.text("highest")}。`,
  }),
};

export function explainCode(outcome: MethodOutcome): Bilingual {
  return explainWith(codeSentences, outcome, codeAbout.mayNotSay);
}

/** A share in percent, whole numbers; "–" where nothing was compared. */
function percent(facts: Facts, key: string): string {
  const value = facts.raw[key];
  return typeof value === "number" ? `${Math.round(value * 100)}%` : "–";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
