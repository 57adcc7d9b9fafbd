import { expect, test } from "vitest";
import { memoryRelease } from "../../tests/support/memory-release";
import { boundedHeaders, headerBounds } from "./bounded-headers";

test("a header or an index larger than any release has is not read where requests are answered", async () => {
  const reader = boundedHeaders(
    memoryRelease([{ path: "model.safetensors", content: Buffer.alloc(headerBounds.header + 10) }], {
      commit: "a".repeat(40),
    }),
  );
  expect(await reader.read("model.safetensors", 0, 8)).toHaveLength(8);
  await expect(reader.read("model.safetensors", 8, 9 + headerBounds.header)).rejects.toMatchObject({
    code: "too-large",
  });
  const index = boundedHeaders(
    memoryRelease([{ path: "i.json", content: Buffer.alloc(headerBounds.index + 1) }], {
      commit: "a".repeat(40),
    }),
  );
  await expect(index.readWhole("i.json", 64 * 1024 * 1024)).rejects.toMatchObject({ code: "too-large" });
});
