import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtInMethods, methodsAbout } from "@/lib/engine";
import { architectureSentences } from "@/lib/engine/methods/architecture/explain";
import { codeSentences } from "@/lib/engine/methods/code/explain";
import { identitySentences } from "@/lib/engine/methods/identity/explain";
import { lineageSentences } from "@/lib/engine/methods/lineage/explain";
import { Facts } from "@/lib/engine/methods/sentences";
import { tokenizerSentences } from "@/lib/engine/methods/tokenizer/explain";
import { alignedSentences } from "@/lib/engine/methods/weights-aligned/explain";
import { fingerprintSentences } from "@/lib/engine/methods/weights-fingerprint/explain";
import { weightsFullSentences } from "@/lib/engine/methods/weights-full/explain";
import { independenceSentences } from "@/lib/engine/methods/weights-independence/explain";
import { invariantSentences } from "@/lib/engine/methods/weights-invariant/explain";
import { summarySentences } from "@/lib/engine/result/summary-text";

const folders = {
  "lib/engine/methods/identity": identitySentences,
  "lib/engine/methods/architecture": architectureSentences,
  "lib/engine/methods/tokenizer": tokenizerSentences,
  "lib/engine/methods/weights-aligned": alignedSentences,
  "lib/engine/methods/weights-independence": independenceSentences,
  "lib/engine/methods/weights-invariant": invariantSentences,
  "lib/engine/methods/weights-full": weightsFullSentences,
  "lib/engine/methods/weights-fingerprint": fingerprintSentences,
  "lib/engine/methods/code": codeSentences,
  "lib/engine/methods/lineage": lineageSentences,
  "lib/engine/result": summarySentences,
};

function codesIn(folder: string): string[] {
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"));
  const text = sources.join("\n");
  const direct = [...text.matchAll(/\breason\(\s*"([a-z-]+)"/g)].map(([, code]) => code as string);
  const chosen = [...text.matchAll(/(?:\breason\(|code =)[^;]*?\? "([a-z-]+)"\s*: "([a-z-]+)"/g)].flatMap(
    ([, one, other]) => [one as string, other as string],
  );
  return [...new Set([...direct, ...chosen])];
}

describe("sentences", () => {
  it.each(Object.entries(folders))("%s has a sentence for every code it gives", (folder, sentences) => {
    const codes = codesIn(folder);
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !Object.hasOwn(sentences, code))).toEqual([]);
  });

  it.each(Object.entries(folders))(
    "%s says every sentence in both languages, without words of guilt",
    (_, sentences) => {
      for (const make of Object.values(sentences)) {
        const { en, zh } = make(new Facts({}));
        expect(en).toMatch(/\.$/);
        expect(zh).toMatch(/。$/);
        expect(en).not.toMatch(/plagiar|stole|theft|guilt|copied|fraud/i);
        expect(zh).not.toMatch(/抄袭|剽窃|盗|作弊|嫌疑/);
      }
    },
  );

  it("tells about every built-in method and version", () => {
    const told = methodsAbout.map(({ id, version }) => `${id}@${version}`);
    expect(told).toEqual([...builtInMethods.values()].map(({ id, version }) => `${id}@${version}`));
  });
});
