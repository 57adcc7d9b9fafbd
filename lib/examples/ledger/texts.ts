import type { DraftCaseInput } from "@/lib/cases";

type Report = Pick<DraftCaseInput, "claims" | "statement">;

/** What the people of the example ledger write. Every statement speaks of files and measurements, never of persons. */
export const reports: Readonly<Record<"renamed" | "credited" | "independent", Report>> = {
  renamed: {
    claims: [
      {
        kind: "same-structure",
        text: "Every tensor of Heron-VL has a counterpart of the same shape; three prefixes differ.",
      },
      {
        kind: "same-tokenizer",
        text: "tokenizer.json is the same file, the special token <|heron|> included.",
      },
      { kind: "lineage-undeclared", text: "The card names no base model." },
    ],
    statement: `*Fictitious example.* While loading Osprey Vision I noticed that its tokenizer still answers to
\`<|heron|>\`. The tensor names look like those of Heron-VL with other prefixes:

| Heron-VL | Osprey Vision |
|---|---|
| \`language_model.layers.0…\` | \`llm.layers.0…\` |
| \`vision_tower.blocks.0…\` | \`eye.blocks.0…\` |
| \`projector.query\` | \`bridge.query\` |

I ask for a comparison of structure, tokenizer and declared lineage. I draw no conclusion about how this came about.`,
  },
  credited: {
    claims: [{ kind: "licence-notice", text: "Is the notice that Apache-2.0 asks for part of the release?" }],
    statement: `*Fictitious example.* Heron-VL Harbour says on its card that it is a fine-tune of Heron-VL. I would like the
ledger to record whether licence and notice are in place, so that others can rely on it.`,
  },
  independent: {
    claims: [
      { kind: "same-structure", text: "Both models read images in 16 queries; is there more in common?" },
    ],
    statement: `*Fictitious example.* Plover-VL and Heron-VL both describe an image encoder and 16 image tokens. I ask for a
look at the structure.`,
  },
};

export const replies = {
  renamed: `*Fictitious example.* We have read the report. The tokenizer was taken over from Heron-VL, and the card should
have said so. About the weights we are looking into our own training records and will answer here.`,
  credited: `*Fictitious example.* Yes: LICENSE and NOTICE are in the repository, and the card names the base model.`,
  independent: `*Fictitious example.* Plover-VL has an architecture and a tokenizer of its own and was trained from
scratch. We welcome the comparison.`,
  original: `*Fictitious example.* We confirm that Heron-VL was trained by us from scratch and that the special tokens
are of our own making. We make no statement about the other release.`,
} as const;

export const evidence = {
  zh: `*虚构示例。* 我核对了两边的 \`tokenizer_config.json\`：解析成 JSON 后内容完全一致，只是缩进不同。\`auto_map\` 里仍写着
\`tokenization_heron.HeronTokenizerFast\`，而这个文件并不在 Osprey Vision 的仓库中。`,
  thanks: `*Fictitious example.* Thank you. The run below reads the same file; its result can be reproduced from the capsule.`,
} as const;

export const statements = {
  heron: `Fictitious example. Heron-VL was trained by Example Meridian. A commitment to 24 random-label canaries was made
together with this registration.`,
  harbour: "Fictitious example. A fine-tune of Heron-VL on photographs of harbours, with credit.",
  plover: "Fictitious example. An architecture, a tokenizer and weights of our own.",
} as const;
