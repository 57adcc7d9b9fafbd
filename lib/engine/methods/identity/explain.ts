import { identityAbout } from "../about";
import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Sentences, sideName } from "../sentences";

const known = {
  "git-blob": { en: "same git blob id, known without reading it", zh: "git blob 标识相同，无须读取即可得知" },
  "lfs-sha256": { en: "same SHA-256, known without reading it", zh: "SHA-256 相同，无须读取即可得知" },
  read: { en: "read and compared", zh: "经读取比较" },
} as const;

export const identitySentences: Sentences = {
  "all-weight-files-equal": (f) => ({
    en: `All ${f.under("files").text("original")} ${f.text("format")} weight files have the same content hash on both sides${f.is("inAncestor") ? "; a given ancestor holds them too" : ""}.`,
    zh: `双方全部 ${f.under("files").text("original")} 个 ${f.text("format")} 权重文件的内容哈希相同${f.is("inAncestor") ? "；所给的祖先也含有这些文件" : ""}。`,
  }),
  "some-weight-files-equal": (f) => ({
    en: `${f.under("equal").text("original")} of the original's ${f.under("files").text("original")} ${f.text("format")} weight files are listed on the other side with the same content hash.`,
    zh: `原版本的 ${f.under("files").text("original")} 个 ${f.text("format")} 权重文件中，有 ${f.under("equal").text("original")} 个以相同的内容哈希出现在另一方。`,
  }),
  "tensors-not-all-read": (f) => ({
    en: `Not every tensor of ${sideName(f.text("side")).en} could be read by itself.`,
    zh: `${sideName(f.text("side")).zh}并非每个张量都能单独读取。`,
  }),
  "all-tensors-identical": (f) => ({
    en: `All ${f.text("tensors")} tensors that count are byte-identical on both sides, by a full read${f.is("inAncestor") ? "; a given ancestor holds them too" : ""}.`,
    zh: `经全量读取，双方计入的全部 ${f.text("tensors")} 个张量逐字节相同${f.is("inAncestor") ? "；所给的祖先也含有这些张量" : ""}。`,
  }),
  "some-tensors-identical": (f) => ({
    en: `${f.text("tensors")} tensors are byte-identical on both sides, of ${f.under("counted").text("original")} and ${f.under("counted").text("suspect")} that count; a given ancestor holds ${f.text("inAncestor")} of them too.`,
    zh: `双方有 ${f.text("tensors")} 个张量逐字节相同（计入的分别为 ${f.under("counted").text("original")} 个与 ${f.under("counted").text("suspect")} 个）；其中 ${f.text("inAncestor")} 个也为所给祖先所有。`,
  }),
  "identical-tensors-in-ancestor": (f) => ({
    en: `${f.text("tensors")} tensors are byte-identical on both sides, but a given ancestor holds all of these, so they do not count.`,
    zh: `双方有 ${f.text("tensors")} 个张量逐字节相同，但均为所给祖先所有，因此不计入。`,
  }),
  "identical-tensors-renamed": (f) => ({
    en: `${f.text("tensors")} of the identical tensors have another name on the other side.`,
    zh: `其中 ${f.text("tensors")} 个相同的张量在另一方名称不同。`,
  }),
  "identical-tensors-resharded": () => ({
    en: "The identical tensors are divided into files in another way.",
    zh: "相同的张量在双方以不同方式分置于文件中。",
  }),
  "identical-tensors-reordered": () => ({
    en: "Within a file the identical tensors follow in another order.",
    zh: "相同的张量在文件内的先后次序不同。",
  }),
  "tensors-from-several": (f) => ({
    en: `Of the ${f.text("tensors")} tensors of ${sideName(f.text("side")).en} that count, ${f.text("other")} are found on the other side and in no given ancestor, and ${f.text("ofAncestors")} in a given ancestor and not on the other side: it is put together from several.`,
    zh: `${sideName(f.text("side")).zh}计入的 ${f.text("tensors")} 个张量中，有 ${f.text("other")} 个见于另一方而不见于任何所给祖先，有 ${f.text("ofAncestors")} 个见于所给祖先而不见于另一方：它由多个来源拼合而成。`,
  }),
  "tensors-partly-identical": (f) => ({
    en: `${f.text("tensors")} matched tensors differ but share ${f.text("equal")} of ${f.text("leaves")} leaves of 1 MiB at equal places.`,
    zh: `有 ${f.text("tensors")} 对匹配的张量不同，但在相同位置上的 ${f.text("leaves")} 个 1 MiB 叶块中有 ${f.text("equal")} 个相同。`,
  }),
  "no-weight-files-listed": (f) => ({
    en: `The listing of ${sideName(f.text("side")).en} has no weight files.`,
    zh: `${sideName(f.text("side")).zh}的文件清单中没有权重文件。`,
  }),
  "shards-not-listed": (f) => ({
    en: `The index of ${sideName(f.text("side")).en} names ${f.text("shards")} weight files that its listing does not have.`,
    zh: `${sideName(f.text("side")).zh}的索引列出了 ${f.text("shards")} 个权重文件，而其文件清单中没有这些文件。`,
  }),
  "same-bytes": (f) => {
    const how = known[f.text("by") as keyof typeof known] ?? known.read;
    return {
      en: `${f.text("original")} and ${f.text("suspect")} are byte-identical (${how.en}).`,
      zh: `${f.text("original")} 与 ${f.text("suspect")} 逐字节相同（${how.zh}）。`,
    };
  },
  "same-bytes-as-ancestor": (f) => ({
    en: `${f.text("original")} and ${f.text("suspect")} are byte-identical, but a given ancestor holds the same content, so this does not count.`,
    zh: `${f.text("original")} 与 ${f.text("suspect")} 逐字节相同，但所给的祖先含有同样的内容，因此不计入。`,
  }),
  "same-content-reformatted": (f) => ({
    en: `${f.text("original")} and ${f.text("suspect")} are equal as JSON though their bytes differ (${f.text("originalSize")} and ${f.text("suspectSize")} bytes): only the layout was changed.`,
    zh: `${f.text("original")} 与 ${f.text("suspect")} 作为 JSON 内容相同，但字节不同（${f.text("originalSize")} 与 ${f.text("suspectSize")} 字节）：只改变了排版。`,
  }),
  "same-content-as-ancestor": (f) => ({
    en: `${f.text("original")} and ${f.text("suspect")} are equal as JSON in another layout, but a given ancestor holds the same content, so this does not count.`,
    zh: `${f.text("original")} 与 ${f.text("suspect")} 作为 JSON 内容相同而排版不同，但所给的祖先含有同样的内容，因此不计入。`,
  }),
  "bytes-not-available": (f) => ({
    en: `${f.text("original")} and ${f.text("suspect")} could not be compared: the bytes of at least one of them cannot be had.`,
    zh: `无法比较 ${f.text("original")} 与 ${f.text("suspect")}：其中至少一个文件的内容已无法取得。`,
  }),
};

export function explainIdentity(outcome: MethodOutcome): Bilingual {
  return explainWith(identitySentences, outcome, identityAbout.mayNotSay);
}
