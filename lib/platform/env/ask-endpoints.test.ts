import { expect, test } from "vitest";
import { askEndpoints, askKey } from "./ask-endpoints";
import { readEnvironment } from "./read-environment";

test("endpoints are named with their addresses", () => {
  const settings = readEnvironment({
    SLIPMARK_ASK_ENDPOINTS: "vllm http://10.0.0.5:8000/v1/, hosted-router https://router.example/v1",
  });
  expect(askEndpoints(settings)).toEqual([
    { name: "vllm", url: "http://10.0.0.5:8000/v1" },
    { name: "hosted-router", url: "https://router.example/v1" },
  ]);
  expect(askEndpoints({ SLIPMARK_ASK_ENDPOINTS: undefined })).toEqual([]);
});

test.each(["vllm", "vllm http://user:secret@host/v1", "VLLM http://host/v1", "vllm ftp://host"])(
  "%s is refused",
  (value) => {
    expect(() => readEnvironment({ SLIPMARK_ASK_ENDPOINTS: value })).toThrow("SLIPMARK_ASK_ENDPOINTS");
  },
);

test("a key is read under the endpoint's own name, and an empty one is none", () => {
  const environment = { SLIPMARK_ASK_KEY_HOSTED_ROUTER: "sk-1", SLIPMARK_ASK_KEY_VLLM: " " };
  expect(askKey("hosted-router", environment)).toBe("sk-1");
  expect(askKey("vllm", environment)).toBeNull();
  expect(askKey("other", environment)).toBeNull();
});
