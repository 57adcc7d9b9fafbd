import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchNames, type NameMatch } from "./match-names";

const spelt = (names: readonly string[]) => names.map((name) => ({ name, spelt: name, shape: "" }));
const match = (a: readonly string[], b: readonly string[]) => matchNames(spelt(a), spelt(b));
const map = ({ renames }: NameMatch) => Object.fromEntries(renames.map((r) => [r.original, r.suspect]));

const layers = (prefix: string, parts: readonly string[], count = 4) =>
  Array.from({ length: count }, (_, i) => parts.map((part) => `${prefix}.${i}.${part}.weight`)).flat();
const llama = (prefix = "model.layers") =>
  layers(prefix, [
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "mlp.up_proj",
    "mlp.down_proj",
  ]);

describe("matchNames", () => {
  it("leaves equal names alone", () => {
    expect(match(llama(), llama())).toMatchObject({ renames: [], unpaired: { original: [], suspect: [] } });
  });

  it("finds a renamed top word", () => {
    const result = match(
      [...layers("vpm.layers", ["a", "b"]), ...llama()],
      [...layers("vison.layers", ["a", "b"]), ...llama()],
    );
    expect(map(result)).toEqual({ vpm: "vison" });
  });

  it("finds words renamed inside, telling equal contexts apart by role only", () => {
    const renamed = llama().map((name) =>
      name
        .replace("self_attn", "attention")
        .replace("q_proj", "query")
        .replace("k_proj", "key")
        .replace("v_proj", "value"),
    );
    const result = match(llama(), renamed);
    expect(map(result)).toEqual({ self_attn: "attention", q_proj: "query", k_proj: "key", v_proj: "value" });
    expect(result.pairs.get("model.layers.2.self_attn.q_proj.weight")).toBe(
      "model.layers.2.attention.query.weight",
    );
  });

  it("does not guess between words of equal contexts without a role", () => {
    const result = match(layers("m", ["foo", "bar"]), layers("m", ["one", "two"]));
    expect(result.renames).toEqual([]);
    expect(result.unpaired.original).toHaveLength(8);
  });

  it("finds a prefix put in front", () => {
    const wrapped = llama().map((name) => `base_model.${name}`);
    expect(map(match(llama(), wrapped))).toEqual({ "": "base_model" });
    expect(map(match(wrapped, llama()))).toEqual({ base_model: "" });
  });

  it("lets shapes decide between two prefixes that explain as many names", () => {
    const tower = (prefix: string, width: number) =>
      ["0.weight", "1.weight", "out.weight"].map((end, i) => {
        const name = `${prefix}.${end}`;
        return { name, spelt: name, shape: i === 0 ? `${width}x3` : "64x3" };
      });
    const both = [...tower("narrow", 65), ...tower("wide", 129), { name: "x.y", spelt: "x.y", shape: "1" }];
    expect(map(matchNames(both, tower("model", 129)))).toEqual({ wide: "model" });
    expect(map(matchNames(tower("model", 65), both))).toEqual({ model: "narrow" });
  });

  it("finds an exchanged prefix of another depth, beside layers left out", () => {
    const result = match([...llama(), "lm_head.weight"], [...llama("llm.inner.layers"), "lm_head.weight"]);
    expect(map(result)).toEqual({ model: "llm.inner" });
    expect(match(llama(), llama().slice(0, 10)).pairs.size).toBe(10);
  });

  it("says where a word was renamed when it stays elsewhere", () => {
    const result = match(
      [...layers("text", ["attn.x"]), ...layers("tower", ["attn.x"])],
      [...layers("text", ["attn.x"]), ...layers("tower", ["attention.x"])],
    );
    expect(map(result)).toEqual({ "tower.*.attn": "tower.*.attention" });
  });

  it("pairs nothing between names that have nothing to do with each other", () => {
    const result = match(llama(), layers("h", ["conv.kernel", "norm.gain"], 7));
    expect(result.pairs.size).toBe(0);
    expect(result.renames).toEqual([]);
  });

  it("does not explain names by a rename for each", () => {
    const each = (letter: string) => Array.from({ length: 400 }, (_, i) => `${letter}${i}.x${i}.weight`);
    expect(match(each("a"), each("b"))).toMatchObject({
      renames: [],
      unpaired: { original: { length: 400 } },
    });
  });

  it("is one to one, and turns round when the sides are swapped (property)", () => {
    const word = fc.constantFrom("a", "b", "c", "d", "x", "y", "0", "1", "2");
    const names = fc.uniqueArray(
      fc.array(word, { minLength: 1, maxLength: 4 }).map((segments) => segments.join(".")),
      { maxLength: 24 },
    );
    fc.assert(
      fc.property(names, names, (a, b) => {
        const there = match(a, b);
        const back = match(b, a);
        expect(Object.keys(map(there))).toHaveLength(there.renames.length);
        expect(new Set(there.pairs.values()).size).toBe(there.pairs.size);
        for (const [mine, other] of there.pairs) expect(back.pairs.get(other)).toBe(mine);
        expect(back.pairs.size).toBe(there.pairs.size);
        const turned = back.renames.map((r) => [r.suspect, r.original, r.kind, r.tensors].join(" ")).sort();
        expect(turned).toEqual(
          there.renames.map((r) => [r.original, r.suspect, r.kind, r.tensors].join(" ")).sort(),
        );
        expect(there.pairs.size + there.unpaired.original.length).toBe(a.length);
        expect(there.pairs.size + there.unpaired.suspect.length).toBe(b.length);
      }),
      { numRuns: 500 },
    );
  });
});
