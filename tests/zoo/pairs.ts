import type { Transformation } from "@/lib/engine/result/document";
import { panelNames } from "./catalogue";
import { pair, type ZooPair } from "./truth";

const base = ["base-a"];
const family = ["base-a", ...panelNames];
const towers = ["base-a", "base-c"];

const o = "sibling-1";
const cast: readonly Transformation[] = ["recast", "renamed", "reordered", "resharded"];

/** Truth by construction, without its mirror images. */
const oneWay: readonly ZooPair[] = [
  // The same weights.
  pair(o, "copied", "same", "a plain copy", []),
  pair(o, "resharded", "same", "two files instead of one", ["resharded"]),
  pair(o, "renamed-shuffled", "same", "other names, other order, three files", [
    "renamed",
    "reordered",
    "resharded",
  ]),
  pair(o, "recast", "same", "cast to float32", ["recast"]),

  // Copies that were not trained.
  ...["1e-4", "1e-3", "1e-2"].flatMap((sigma) => [
    pair(o, `noise-${sigma}`, "copy", `noise of constant size ${sigma}`, ["noise"]),
    pair(o, `noise-${sigma}`, "copy", `noise of constant size ${sigma}, base known`, ["noise"], {
      ancestors: base,
    }),
  ]),
  ...["1e-3", "1e-2", ".1", ".5"].flatMap((part) => [
    pair(o, `relative-noise-${part}`, "copy", `noise of ${part} of each tensor's deviation`, ["noise"]),
    pair(
      o,
      `relative-noise-${part}`,
      "copy",
      `noise of ${part} of each tensor's deviation, base known`,
      ["noise"],
      {
        ancestors: base,
      },
    ),
  ]),
  pair(o, "renamed-noise-f16", "copy", "renamed, noise, float16", ["renamed", "noise", "recast"], {}, cast),
  pair(o, "renamed-noise-f32", "copy", "renamed, noise, float32", ["renamed", "noise", "recast"], {}, cast),
  pair(o, "neurons-permuted", "copy", "hidden units permuted", ["permuted"]),
  pair(
    o,
    "neurons-permuted",
    "copy",
    "hidden units permuted, base known",
    ["permuted"],
    { ancestors: base },
    ["fine-tuned"],
  ),
  pair(o, "heads-permuted", "copy", "attention heads permuted", ["permuted"]),
  pair(o, "both-permuted", "copy", "units and heads permuted", ["permuted"]),
  pair(o, "permuted-noise", "copy", "units permuted, noise", ["permuted", "noise"]),
  pair(o, "neurons-sorted", "copy", "hidden units sorted by norm", ["permuted"]),
  pair("base-a", "base-a-permuted", "copy", "a base's hidden units permuted", ["permuted"]),
  pair(o, "rotated", "copy", "residual stream rotated, gains folded", ["rotated"]),
  pair(o, "rotated-f32", "copy", "rotated, kept in float32", ["rotated", "recast"]),
  pair("base-c", "narrow-rotated", "copy", "rotated; the tied embedding comes out untied", ["rotated"], {
    controls: ["base-b"],
  }),
  pair(o, "rescaled", "copy", "hidden units rescaled", ["rescaled"]),
  pair(o, "rescaled-permuted", "copy", "hidden units rescaled and permuted", ["rescaled", "permuted"]),
  pair(o, "pruned", "copy", "half of each layer matrix set to zero", ["pruned"]),
  pair(o, "pruned", "copy", "pruned, base known", ["pruned"], { ancestors: base }),
  pair(o, "int8", "copy", "8 bits a row, back in bfloat16", ["quantised"]),
  pair(o, "int4", "copy", "4 bits a group of 32, back in bfloat16", ["quantised"]),
  pair(o, "int4", "copy", "4 bits, base known", ["quantised"], { ancestors: base }),
  pair(o, "gguf-q8", "copy", "GGUF of 8 bits", ["quantised"], {}, cast),
  pair(o, "gguf-q4", "copy", "GGUF of 4 bits", ["quantised"], {}, cast),
  pair("base-a-f32", "base-a", "copy", "the float32 run and its bfloat16 release", ["recast"], {}, [
    "noise",
    "quantised",
  ]),
  pair(o, "layer-dropped", "copy", "third layer left out", ["layers-dropped"], {}, ["layers-repeated"]),
  pair(o, "layer-repeated", "copy", "second layer twice", ["layers-repeated"], {}, ["layers-dropped"]),
  pair(o, "vocabulary-extended", "copy", "32 tokens more", ["vocabulary-changed"]),
  pair(o, "zero-neurons", "copy", "64 hidden units of zeros more", null),
  pair("base-a", "base-a-upcycled", "copy", "four noisy copies of each MLP and a router", null),
  pair(
    "base-a",
    "experts-of-a",
    "copy",
    "its MLPs renumbered and made experts, attention and embeddings of another model",
    ["noise", "permuted"],
    { controls: ["base-d", "random-init"] },
  ),
  // A donor that nobody named: the sum is, value by value, the original trained on by half of the way to the donor.
  pair(o, "merged", "copy", "half of it and half of an undeclared sibling: not decidable", null, {
    ancestors: base,
  }),
  pair(
    o,
    "merged",
    "copy",
    "half of it and half of a known sibling",
    ["merged"],
    { ancestors: ["base-a", "sibling-2"] },
    ["fine-tuned"],
  ),
  pair("base-b", "base-b-noise", "copy", "another base with noise", ["noise"], {
    controls: ["base-a", "base-d"],
  }),

  // Trained on from each other.
  pair("base-a", "light", "tuned", "light fine-tune", ["fine-tuned"]),
  pair("base-a", "heavy", "tuned", "heavy fine-tune", ["fine-tuned"]),
  pair("base-a", "sibling-1", "tuned", "fine-tune", ["fine-tuned"]),
  pair("base-a", "instruct", "tuned", "instruct variant", ["fine-tuned"]),
  pair("base-a", "low-rank", "tuned", "LoRA, merged", ["low-rank"], {}, ["fine-tuned"]),
  pair("base-a", "low-rank-other", "tuned", "LoRA on queries and values, merged", ["low-rank"], {}, [
    "fine-tuned",
  ]),
  pair("base-b", "base-b-tuned", "tuned", "fine-tune of another base", ["fine-tuned"], {
    controls: ["base-a", "base-d"],
  }),
  pair("base-a", "base-a-step-0", "tuned", "a base and its own initialisation", ["fine-tuned"], {}, [
    "recast",
  ]),
  pair("base-a", "heavy-permuted", "tuned", "heavy fine-tune, units permuted", ["fine-tuned", "permuted"]),
  pair(o, "sibling-1-further", "tuned", "trained 150 steps further", ["fine-tuned"]),
  pair(o, "sibling-1-further", "tuned", "trained 150 steps further, base known", ["fine-tuned"], {
    ancestors: base,
  }),
  pair(
    o,
    "sibling-1-further",
    "tuned",
    "trained 150 steps further, base and siblings known",
    ["fine-tuned"],
    {
      ancestors: family,
    },
  ),
  pair(o, "sibling-1-polished", "tuned", "trained 40 small steps further", ["fine-tuned"], {}, ["noise"]),
  pair(
    o,
    "sibling-1-polished",
    "tuned",
    "trained 40 small steps further, base and siblings known",
    ["fine-tuned"],
    { ancestors: family },
    ["noise"],
  ),
  pair(o, "tuned-permuted", "tuned", "trained further, units permuted", ["fine-tuned", "permuted"]),
  pair("instruct", "instruct-tuned-1", "tuned", "fine-tune of the instruct variant", ["fine-tuned"]),
  pair(
    "instruct",
    "instruct-tuned-1",
    "tuned",
    "fine-tune of the instruct variant, base known",
    ["fine-tuned"],
    {
      ancestors: base,
    },
  ),
  pair(
    "instruct",
    "instruct-tuned-1",
    "tuned",
    "fine-tune of the instruct variant, panel known",
    ["fine-tuned"],
    {
      ancestors: family,
    },
  ),

  // Siblings: innocent of each other.
  ...siblings("sibling-1", "sibling-2", "two fine-tunes on different data"),
  ...siblings("public-1", "public-2", "the same public data in another order"),
  pair(
    "public-1",
    "public-2",
    "siblings",
    "the same public data in another order, panel known",
    ["fine-tuned"],
    {
      ancestors: family,
    },
  ),
  ...siblings("public-1", "public-1-again", "the same public recipe and seed, one of them a tenth longer"),
  ...siblings("low-rank", "sibling-1", "a LoRA and a full fine-tune"),
  ...siblings("rounding-1", "rounding-2", "deltas of the size of the rounding that both share"),
  ...siblings("instruct-tuned-1", "instruct-tuned-2", "both from an undeclared instruct variant"),
  pair(
    "instruct-tuned-1",
    "instruct-tuned-2",
    "siblings",
    "both from a declared instruct variant",
    ["fine-tuned"],
    {
      ancestors: ["base-a", "instruct"],
    },
  ),
  pair(
    "sibling-1",
    panelNames[0]!,
    "siblings",
    "same data as a member of the panel, the others known",
    ["fine-tuned"],
    {
      ancestors: ["base-a", ...panelNames.slice(1)],
    },
  ),
  pair("sibling-1", "sibling-2", "siblings", "different data, panel known", ["fine-tuned"], {
    ancestors: family,
  }),
  pair("heavy", "light", "siblings", "a heavy and a light fine-tune", ["fine-tuned"], { ancestors: base }),

  // Untrained changes of one declared base, by two honest hands.
  ...siblingCopies("base-a-int4", "base-a-pruned", "an int4 and a pruned copy of one declared base"),
  ...siblingCopies("base-a-int4", "base-a-int8", "two quantisations of one declared base"),
  ...siblingCopies("base-a-pruned", "base-a-pruned-more", "two prunings of one declared base"),
  ...siblingCopies("base-a-permuted", "base-a-permuted-again", "two renumbered mirrors of a declared base"),
  pair("light", "rotated-rounding", "siblings", "a light fine-tune and a rotated one, base known", null, {
    ancestors: base,
  }),
  pair("norms-tuned-1", "norms-tuned-2", "siblings", "only norm gains tuned, base unknown", null),
  pair(
    "vlm-other-language-1",
    "vlm-other-language-2",
    "siblings",
    "one tower that nobody named, two languages",
    null,
    {
      ancestors: ["base-a", "base-b"],
      controls: [],
    },
  ),

  // One initialisation.
  pair("base-a", "same-seed", "same-start", "same seed, other data", ["fine-tuned"]),
  pair("base-a", "same-seed", "same-start", "same seed, other data, initialisation known", ["fine-tuned"], {
    ancestors: ["base-a-step-0"],
  }),
  pair("sibling-1", "same-seed-tuned", "same-start", "fine-tunes of two bases with one seed", ["fine-tuned"]),

  // Independent.
  pair("base-a", "base-b", "independent", "other seed, other data", [], { controls: ["base-d"] }),
  pair("base-a", "base-c", "independent", "another width and tokenizer", [], { controls: ["base-b"] }),
  pair("base-a", "base-d", "independent", "other seed, the same data", [], { controls: ["base-b"] }),
  pair("base-b", "base-d", "independent", "other seed, other data", [], { controls: ["base-a"] }),
  pair("base-a", "random-init", "independent", "never trained", []),
  pair("base-a", "distilled", "independent", "a student of its outputs", []),
  pair("base-a", "distilled", "independent", "a student of its outputs, initialisation known", [], {
    ancestors: ["base-a-step-0"],
  }),
  pair("sibling-1", "distilled", "independent", "a fine-tune and a student of the base", [], {
    ancestors: base,
  }),
  pair("sibling-1", "base-b-tuned", "independent", "one data set, two bases", []),
  pair("sibling-1", "base-b-tuned", "independent", "one data set, two bases, both known", [], {
    ancestors: ["base-a", "base-b"],
    controls: ["base-d"],
  }),
  pair("base-a-sorted", "base-b-sorted", "independent", "both with hidden units sorted by norm", [], {
    controls: ["base-d"],
  }),
  pair("zero-neurons", "base-b-zero-neurons", "independent", "both padded with units of zeros", []),
  pair("base-a-upcycled", "base-b-upcycled", "independent", "both made into mixtures of experts", [], {
    controls: ["base-d"],
  }),
  pair("rotated", "base-b", "independent", "rotated, and unrelated", [], { controls: ["base-d"] }),

  // Three parts, three histories: frozen towers and a projector.
  pair("vlm-linear-1", "vlm-linear-2", "siblings", "two linear projectors between the same towers", null, {
    ancestors: towers,
  }),
  pair(
    "vlm-two-layer-1",
    "vlm-two-layer-2",
    "siblings",
    "two two-layer projectors between the same towers",
    null,
    {
      ancestors: towers,
    },
  ),
  pair(
    "vlm-linear-1",
    "vlm-linear-2",
    "siblings",
    "two linear projectors, nobody named the frozen towers",
    null,
  ),
  pair(
    "vlm-two-layer-1",
    "vlm-two-layer-2",
    "siblings",
    "two-layer projectors, nobody named the towers",
    null,
  ),
  pair(
    "vlm-linear-1",
    "vlm-two-layer-1",
    "siblings",
    "two kinds of projector, nobody named the towers",
    null,
  ),
  pair("vlm-two-layer-1", "vlm-two-layer-1-tuned", "tuned", "a projector trained on", ["fine-tuned"], {
    ancestors: towers,
  }),
  pair("vlm-two-layer-1", "vlm-two-layer-1-noise", "copy", "the whole of it with noise", ["noise"], {
    ancestors: towers,
  }),
];

/** Neither was trained, and neither comes from the other. */
function siblingCopies(a: string, b: string, note: string): ZooPair[] {
  return [pair(a, b, "siblings", note, null, { ancestors: base })];
}

function siblings(a: string, b: string, note: string): ZooPair[] {
  return [
    pair(a, b, "siblings", `${note}, base unknown`, ["fine-tuned"]),
    pair(a, b, "siblings", `${note}, base known`, ["fine-tuned"], { ancestors: base }),
  ];
}

/** Every pair in both orders. */
export const zooPairs: readonly ZooPair[] = oneWay.flatMap((there) => [
  there,
  { ...there, original: there.suspect, suspect: there.original },
]);
