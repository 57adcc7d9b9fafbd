import { lineageAbout } from "../about";
import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Facts, groupName, type Sentences, sideName } from "../sentences";

const otherOf = (side: string) => sideName(side === "original" ? "suspect" : "original");

export const lineageSentences: Sentences = {
  "card-missing": (f) => ({
    en: `The listing of ${sideName(f.text("side")).en} has no model card.`,
    zh: `${sideName(f.text("side")).zh}的文件清单中没有模型卡。`,
  }),
  "card-unreadable": (f) => ({
    en: `The model card of ${sideName(f.text("side")).en} (${f.text("path")}) is listed, but its bytes cannot be had.`,
    zh: `${sideName(f.text("side")).zh}的模型卡（${f.text("path")}）在清单中，但内容已无法取得。`,
  }),
  "front-matter-malformed": (f) => ({
    en: `The front matter of ${f.text("path")} of ${sideName(f.text("side")).en} cannot be read as YAML; nothing in it was used.`,
    zh: `${sideName(f.text("side")).zh}的 ${f.text("path")} 前置元数据无法按 YAML 读取；其中内容均未采用。`,
  }),
  "card-declares": (f) => ({
    en: `The card of ${sideName(f.text("side")).en} declares ${declared(f, "baseModels", "no base model", "base model ")}${relationText(f, "en")}, ${declared(f, "licences", "no licence", "licence ")}.`,
    zh: `${sideName(f.text("side")).zh}的模型卡声明：${declared(f, "baseModels", "无基础模型", "基础模型 ")}${relationText(f, "zh")}，${declared(f, "licences", "无许可证", "许可证 ")}。`,
  }),
  "declares-other": (f) => ({
    en: `The card of ${sideName(f.text("side")).en} declares ${otherOf(f.text("side")).en} as its base.`,
    zh: `${sideName(f.text("side")).zh}的模型卡声明以${otherOf(f.text("side")).zh}为基础。`,
  }),
  "mentions-other": (f) => ({
    en: `The text of the card of ${sideName(f.text("side")).en} names ${otherOf(f.text("side")).en}${f.text("as") === "repository" ? " with its full repository name" : ""}.`,
    zh: `${sideName(f.text("side")).zh}的模型卡正文${f.text("as") === "repository" ? "以完整仓库名" : ""}提到${otherOf(f.text("side")).zh}。`,
  }),
  "repository-unknown": (f) => ({
    en: `The repository name of ${otherOf(f.text("side")).en} is not known, so whether ${sideName(f.text("side")).en} declares or names it cannot be told.`,
    zh: `${otherOf(f.text("side")).zh}的仓库名未知，因此无法判断${sideName(f.text("side")).zh}是否声明或提到它。`,
  }),
  "group-equals-ancestor": (f) => ({
    en: `All ${f.text("tensors")} compared tensors of the group “${groupName(f.text("group")).en}” of ${sideName(f.text("side")).en} hold the sampled values of ancestor ${f.text("ancestor")}${f.is("declared") ? ", which its card declares" : ""}: this part was taken over unchanged.`,
    zh: `${sideName(f.text("side")).zh}“${groupName(f.text("group")).zh}”部分所比较的 ${f.text("tensors")} 个张量，抽样数值全部与祖先 ${f.text("ancestor")}${f.is("declared") ? "（其模型卡所声明者）" : ""}相同：这一部分原样沿用。`,
  }),
  "declared-base-not-seen": (f) => ({
    en: `The card of ${sideName(f.text("side")).en} declares ancestor ${f.text("ancestor")} as its base, but at equal positions no group of its tensors resembles it.`,
    zh: `${sideName(f.text("side")).zh}的模型卡声明以祖先 ${f.text("ancestor")} 为基础，但在相同位置上没有任何部分的张量与之相似。`,
  }),
  "same-declared-base": (f) => ({
    en: `Both cards declare the same base: ${f.list("bases")}.`,
    zh: `双方模型卡声明了相同的基础模型：${f.list("bases")}。`,
  }),
};

export function explainLineage(outcome: MethodOutcome): Bilingual {
  return explainWith(lineageSentences, outcome, lineageAbout.mayNotSay);
}

function declared(facts: Facts, key: string, none: string, some: string): string {
  return facts.count(key) === 0 ? none : some + facts.list(key, 4);
}

function relationText(facts: Facts, language: "en" | "zh"): string {
  const relation = facts.raw.relation;
  if (typeof relation !== "string") return "";
  return language === "en" ? ` (${relation})` : `（${relation}）`;
}
