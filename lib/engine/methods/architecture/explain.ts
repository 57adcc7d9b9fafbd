import { architectureAbout } from "../about";
import type { Bilingual, Json, MethodOutcome } from "../method";
import { explainWith, Facts, grouped, type Sentences, sideName } from "../sentences";

export const architectureSentences: Sentences = {
  "no-tensor-names": (f) => ({
    en: `The tensor names of ${sideName(f.text("side")).en} are not known: it lists no safetensors file whose header can be had, and no shard index.`,
    zh: `${sideName(f.text("side")).zh}的张量名未知：清单中既没有可取得文件头的 safetensors 文件，也没有分片索引。`,
  }),
  "names-correspond": (f) => ({
    en: `The original has ${f.text("original")} tensors and the suspect ${f.text("suspect")}; they correspond one to one.`,
    zh: `原版本有 ${f.text("original")} 个张量，被比对版本有 ${f.text("suspect")} 个；两者一一对应。`,
  }),
  "names-correspond-partly": (f) => ({
    en: `The original has ${f.text("original")} tensors and the suspect ${f.text("suspect")}; ${f.text("paired")} of them correspond, ${f.under("unpaired").text("original")} and ${f.under("unpaired").text("suspect")} have no partner.`,
    zh: `原版本有 ${f.text("original")} 个张量，被比对版本有 ${f.text("suspect")} 个；其中 ${f.text("paired")} 个相互对应，另有 ${f.under("unpaired").text("original")} 个与 ${f.under("unpaired").text("suspect")} 个没有对应。`,
  }),
  renamed: (f) => ({
    en: `${name(f, "original", "en")} in the original is ${name(f, "suspect", "en")} in the suspect (${f.text("tensors")} tensors).`,
    zh: `原版本中的 ${name(f, "original", "zh")} 在被比对版本中为 ${name(f, "suspect", "zh")}（${f.text("tensors")} 个张量）。`,
  }),
  "unchanged-names": (f) => ({
    en: `${f.text("tensors")} names are unchanged (${prefixes(f)}).`,
    zh: `${f.text("tensors")} 个名称未变（${prefixes(f)}）。`,
  }),
  "no-shape-in-common": () => ({
    en: "Not one matrix shape occurs on both sides.",
    zh: "没有任何一种矩阵形状同时出现在双方。",
  }),
  "shapes-unknown": () => ({
    en: "Not all shapes are known, because the bytes of some weight files cannot be had; the correspondence rests on names.",
    zh: "由于部分权重文件的内容无法取得，并非所有形状都可得知；上述对应以名称为据。",
  }),
  "shapes-compared": (f) => ({
    en: `Of the corresponding tensors ${f.text("equal")} have equal shapes and ${f.text("different")} do not.`,
    zh: `相互对应的张量中，${f.text("equal")} 个形状相同，${f.text("different")} 个不同。`,
  }),
  "dtypes-differ": (f) => ({
    en: `${f.text("tensors")} corresponding tensors have different number formats.`,
    zh: `${f.text("tensors")} 个相互对应的张量数值格式不同。`,
  }),
  "shards-differ": (f) => ({
    en: `The weights are split into ${f.text("original")} and ${f.text("suspect")} files.`,
    zh: `权重分别拆分为 ${f.text("original")} 个与 ${f.text("suspect")} 个文件。`,
  }),
  "leftover-figure": (f) => ({
    en: `Both indexes state a total of ${f.text("stated")} bytes, though ${holds(f, "en")}. A tool that counts in another precision would give the same figure for the same structure.`,
    zh: `双方索引都写明总计 ${f.text("stated")} 字节，而${holds(f, "zh")}。以另一种精度计数的工具，对相同结构也会得出同样的数字。`,
  }),
  "config-not-available": () => ({
    en: "config.json could not be compared: at least one side has none that can be read.",
    zh: "无法比较 config.json：至少有一方没有可读取的该文件。",
  }),
  "config-compared": (f) => ({
    en: `config.json: ${f.under("keys").text("original")} and ${f.under("keys").text("suspect")} keys; ${f.text("equal")} are equal, ${differing(f, "en")}; ${f.count("onlyOriginal")} only in the original, ${f.count("onlySuspect")} only in the suspect.`,
    zh: `config.json：分别有 ${f.under("keys").text("original")} 个与 ${f.under("keys").text("suspect")} 个键；${f.text("equal")} 个相同，${differing(f, "zh")}；仅原版本有 ${f.count("onlyOriginal")} 个，仅被比对版本有 ${f.count("onlySuspect")} 个。`,
  }),
  "no-config-key-renamed": () => ({
    en: "No configuration key was found to be renamed.",
    zh: "未发现配置键被改名。",
  }),
  "config-key-renamed": (f) => ({
    en: `The configuration key ${f.text("original")} stands as ${f.text("suspect")} with the same distinctive value, ${f.text("value")}.`,
    zh: `配置键 ${f.text("original")} 以 ${f.text("suspect")} 之名出现，且带有相同的特征值 ${f.text("value")}。`,
  }),
  "config-beyond-ancestors": (f) => ({
    en: `${f.under("ordinary").text("suspect")} of the suspect's ${f.under("keys").text("suspect")} keys are ordinary keys of a given ancestor; of the other ${f.under("own").text("suspect")}, ${f.count("shared")} equal the original's${sharedKeys(f, "en")}.`,
    zh: `被比对版本的 ${f.under("keys").text("suspect")} 个键中，${f.under("ordinary").text("suspect")} 个是所给祖先的普通键；其余 ${f.under("own").text("suspect")} 个中，有 ${f.count("shared")} 个与原版本相同${sharedKeys(f, "zh")}。`,
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given, so configuration keys of a common base are not set apart.",
    zh: "没有给出祖先，因此共同基础的配置键未被区分。",
  }),
  "ancestor-config-not-available": () => ({
    en: "No given ancestor has a readable config.json, so configuration keys of a common base are not set apart.",
    zh: "所给祖先均没有可读取的 config.json，因此共同基础的配置键未被区分。",
  }),
  "leftover-name": (f) => {
    const [here, there] = [
      sideName(f.text("side")),
      sideName(f.text("side") === "original" ? "suspect" : "original"),
    ];
    return {
      en: `${f.text("file")} of ${here.en} points at ${f.text("value")} (${f.text("pointer")}); ${f.text("names")} exists only in ${there.en}.`,
      zh: `${here.zh}的 ${f.text("file")} 指向 ${f.text("value")}（${f.text("pointer")}）；${f.text("names")} 仅存在于${there.zh}。`,
    };
  },
};

export function explainArchitecture(outcome: MethodOutcome): Bilingual {
  return explainWith(architectureSentences, outcome, architectureAbout.mayNotSay);
}

function name(facts: Facts, key: string, language: "en" | "zh"): string {
  return facts.raw[key] === "" ? (language === "en" ? "no prefix" : "（无前缀）") : facts.text(key);
}

function prefixes(facts: Facts): string {
  const list = facts.raw.prefixes;
  if (!Array.isArray(list)) return "?";
  return list
    .map(
      (entry: Json) =>
        `${new Facts(entry as never).text("prefix")} ${new Facts(entry as never).text("tensors")}`,
    )
    .join(", ");
}

function holds(facts: Facts, language: "en" | "zh"): string {
  const parts = (["original", "suspect"] as const).flatMap((side) => {
    const bytes = facts.under("listed").raw[side];
    if (typeof bytes !== "number") return [];
    const files = facts.under("shards").text(side);
    return language === "en"
      ? [`the ${files} files that ${sideName(side).en} lists hold ${grouped(bytes)}`]
      : [`${sideName(side).zh}清单中的 ${files} 个文件共 ${grouped(bytes)} 字节`];
  });
  return parts.join(language === "en" ? " and " : "，");
}

function differing(facts: Facts, language: "en" | "zh"): string {
  const keys = facts.count("differ");
  const list =
    keys === 0 ? "" : language === "en" ? ` (${facts.list("differ")})` : `（${facts.list("differ")}）`;
  return language === "en" ? `${keys} differ${list}` : `${keys} 个不同${list}`;
}

function sharedKeys(facts: Facts, language: "en" | "zh"): string {
  const shared = facts.raw.shared;
  if (!Array.isArray(shared) || shared.length === 0) return "";
  const keys = shared.slice(0, 12).map((entry: Json) => {
    const fact = new Facts(entry as never);
    return `${fact.text("key")} = ${JSON.stringify(fact.raw.value)}`;
  });
  return language === "en" ? ` (${keys.join(", ")})` : `（${keys.join("，")}）`;
}
