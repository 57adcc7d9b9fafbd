import { expect, it } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { compare } from "../compare";

const parameters = { nonce: "", screened: 1, level: 2 as const };
const legacy = (fill: number) =>
  memoryRelease([{ path: "pytorch_model.bin", content: new Uint8Array(4096).fill(fill) }]);

it("says of a checkpoint that is refused that it is not testable, and why; the other methods go on", async () => {
  const { result } = await compare(
    { original: legacy(1), suspect: legacy(2), ancestors: [], controls: [] },
    { ...parameters, methods: ["identity", "weights/aligned", "weights/independence", "lineage"] },
  );
  const aligned = result.methods.find(({ method }) => method === "weights/aligned");
  expect(aligned?.says).toBe("not-testable");
  expect(aligned?.explanation.en).toMatch(/pytorch_model\.bin was not opened.*convert it to safetensors/);
  expect(result.summary.relation).toBe("inconclusive");
});

it("ends the run on a file that lies", async () => {
  const lying = (fill: number) =>
    memoryRelease([{ path: "model.safetensors", content: new Uint8Array(64).fill(fill) }]);
  await expect(
    compare(
      { original: lying(1), suspect: lying(2), ancestors: [], controls: [] },
      { ...parameters, methods: ["weights/aligned"] },
    ),
  ).rejects.toMatchObject({ code: "malformed-file" });
});
