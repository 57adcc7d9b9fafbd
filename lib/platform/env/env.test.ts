import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { complete, isLoopbackOnly, siteOrigin } from ".";
import { readEnvironment } from "./read-environment";
import { secretVariables, variables } from "./variables";

test("without any variable everything has its default", () => {
  expect(readEnvironment({})).toMatchObject({
    PORT: 3000,
    HOST: "127.0.0.1",
    SLIPMARK_DATA: "./var",
    SLIPMARK_EXAMPLES: "on",
    SLIPMARK_CASE_PREFIX: "SLP",
    HF_ENDPOINT: "https://huggingface.co",
    SLIPMARK_REQUEST_BUDGET: 500,
    SLIPMARK_TRUSTED_PROXIES: [],
  });
});

test("an empty value counts as absent", () => {
  expect(readEnvironment({ PORT: "", HF_TOKEN: " " })).toMatchObject({ PORT: 3000 });
});

test.each([
  ["PORT", "http"],
  ["PORT", "0"],
  ["PORT", "70000"],
  ["SLIPMARK_EXAMPLES", "yes"],
  ["SLIPMARK_PUBLIC_ORIGIN", "https://ledger.example/path"],
  ["SLIPMARK_PUBLIC_ORIGIN", "ledger.example"],
  ["SLIPMARK_TRUSTED_PROXIES", "10.0.0.0/99"],
  ["SLIPMARK_TRUSTED_PROXIES", "proxy.example"],
  ["SLIPMARK_CASE_PREFIX", "slp-"],
  ["SLIPMARK_BLOBS", "ftp://store/blobs"],
  ["HF_ENDPOINT", "file:///etc"],
  ["LOG_LEVEL", "loud"],
])("%s=%s is refused with its name, its value and what is expected", (name, value) => {
  const expected = variables.shape[name as keyof typeof variables.shape].description ?? "?";
  expect(() => readEnvironment({ [name]: value })).toThrow(`${name} is "${value}": expected ${expected}`);
});

test.each([...secretVariables].filter((name) => /URL|KEY$|NEXTAUTH/.test(name) && !/S3/.test(name)))(
  "a wrong %s is not repeated in the message",
  (name) => {
    const read = () => readEnvironment({ [name]: "hunter2" });
    expect(read).toThrow(name);
    expect(read).not.toThrow(/hunter2/);
  },
);

test("what belongs together is demanded together", () => {
  expect(() => readEnvironment({ GITHUB_CLIENT_ID: "x" })).toThrow("GITHUB_CLIENT_SECRET is not set");
  const bucket = { SLIPMARK_BLOBS: "s3://slipmark/blobs" };
  expect(() => readEnvironment(bucket)).toThrow("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are not set");
  const keys = { S3_ACCESS_KEY_ID: "x", S3_SECRET_ACCESS_KEY: "y" };
  expect(readEnvironment({ ...bucket, ...keys })).toMatchObject(bucket);
});

test("networks of proxies are read as a list", () => {
  const read = readEnvironment({ SLIPMARK_TRUSTED_PROXIES: "10.0.0.0/8, ::1" });
  expect(read.SLIPMARK_TRUSTED_PROXIES).toEqual(["10.0.0.0/8", "::1"]);
});

test("addresses lose their last slash", () => {
  expect(readEnvironment({ HF_ENDPOINT: "https://hub.example/" }).HF_ENDPOINT).toBe("https://hub.example");
  expect(readEnvironment({ SLIPMARK_PUBLIC_ORIGIN: "https://a.example/" }).SLIPMARK_PUBLIC_ORIGIN).toBe(
    "https://a.example",
  );
});

test("a missing secret is made once, kept, and readable by its owner only", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipmark-env-"));
  try {
    const read = () => complete(readEnvironment({ SLIPMARK_DATA: folder }));
    const first = read().NEXTAUTH_SECRET;
    expect(first).toHaveLength(44);
    expect(read().NEXTAUTH_SECRET).toBe(first);
    expect(Buffer.from(read().NEXT_SERVER_ACTIONS_ENCRYPTION_KEY, "base64")).toHaveLength(32);
    expect(statSync(join(folder, "secrets/nextauth-secret")).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the address people use", () => {
  expect(siteOrigin({ HOST: "127.0.0.1", PORT: 3000, SLIPMARK_PUBLIC_ORIGIN: undefined })).toBe(
    "http://127.0.0.1:3000",
  );
  expect(siteOrigin({ HOST: "::1", PORT: 80, SLIPMARK_PUBLIC_ORIGIN: undefined })).toBe("http://[::1]:80");
  expect(siteOrigin({ HOST: "0.0.0.0", PORT: 3000, SLIPMARK_PUBLIC_ORIGIN: "https://a.example" })).toBe(
    "https://a.example",
  );
});

test("examples need a loopback host and no public origin", () => {
  expect(isLoopbackOnly({ HOST: "localhost", SLIPMARK_PUBLIC_ORIGIN: undefined })).toBe(true);
  expect(isLoopbackOnly({ HOST: "0.0.0.0", SLIPMARK_PUBLIC_ORIGIN: undefined })).toBe(false);
  expect(isLoopbackOnly({ HOST: "127.0.0.1", SLIPMARK_PUBLIC_ORIGIN: "https://a.example" })).toBe(false);
});

test("docs/OPERATIONS.md lists exactly the variables there are, each with its default", () => {
  const document = readFileSync("docs/OPERATIONS.md", "utf8");
  const rows = [...document.matchAll(/^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \|/gm)];
  const documented = Object.fromEntries(rows.map(([, name, value]) => [name, value]));
  expect(Object.keys(documented).sort()).toEqual(Object.keys(variables.shape).sort());
  const defaults = variables.parse({});
  for (const [name, value] of Object.entries(defaults)) {
    const plain = Array.isArray(value) ? "" : String(value ?? "");
    if (plain !== "") expect(documented[name], name).toBe(`\`${plain}\``);
  }
});
