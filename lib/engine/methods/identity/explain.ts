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
