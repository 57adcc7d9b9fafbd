import { afterEach, describe, expect, test } from "vitest";
import { closeEndpoints, endpoint, items, runFor } from "../../../../tests/support/asking";
import type { ChatAnswer } from "../../../../tests/support/chat-endpoint";
import { codeOf } from "../../../../tests/support/far-side";
import { ask } from "./ask";
import { chatEndpoint } from "./chat-endpoint";
import { transcriptHeader } from "./header";

afterEach(closeEndpoints);

describe("addresses and keys", () => {
  test("a redirect is not followed, and where it leads is not printed", async () => {
    const other = await endpoint(() => "secret");
    const side = await endpoint(() => ({
      status: 307,
      headers: { location: `${other.url}/chat/completions?k=v` },
    }));
    const run = runFor(side.url, items(2));
    await expect(ask(run.options)).rejects.toThrow(
      /redirects \(HTTP 307\); give the address that it leads to$/,
    );
    expect(other.questions).toEqual([]);
  });

  test("the address may be written with its path, with a slash, and by name", async () => {
    const side = await endpoint(() => "yes");
    for (const url of [
      `${side.url}/`,
      `${side.url}/chat/completions`,
      side.url.replace("127.0.0.1", "localhost"),
    ]) {
      const { options } = runFor(url, items(1));
      expect((await ask(options)).answers[0]?.answer).toBe("yes");
      expect(options.header.endpoint).toMatch(/^http:\/\/[a-z0-9.]+:\d+\/v1$/);
    }
  });

  test("an endpoint that is not trusted must be public, whatever its name says", async () => {
    const side = await endpoint(() => "yes");
    expect(await codeOf(ask(runFor(side.url, items(1), { trusted: false }).options))).toBe("address-refused");
    const { port } = new URL(side.url);
    const named = { trusted: false, lookup: async () => ["127.0.0.1"] };
    const url = `http://model.example:${port}/v1`;
    expect(await codeOf(ask(runFor(url, items(1), named).options))).toBe("address-refused");
    expect(side.questions).toEqual([]);
  });

  test.each([
    "https://user:sk-secret-123456@host.example/v1",
    "https://host.example/v1?api-key=sk-secret-123456",
    "https://host.example/v1#sk-secret-123456",
    "sk-secret-123456",
    "ftp://host.example/sk-secret-123456",
  ])("%s is refused without being repeated", (url) => {
    expect(() => runFor(url, items(1))).toThrow(/^(?!.*sk-secret).*(address|endpoint)/i);
  });

  const key = "sk-secret-0123456789abcdef";

  test("a key is sent as a bearer token, and is nowhere else", async () => {
    const side = await endpoint(() => "yes");
    const run = runFor(side.url, items(2), { key });
    const summary = await ask(run.options);
    expect(side.questions[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const everything = JSON.stringify([
      summary,
      run.calls,
      run.lines,
      run.options.header,
      run.options.adapter,
    ]);
    expect(everything).not.toContain("sk-secret");
    expect(JSON.stringify(side.questions[0]?.body)).not.toContain("sk-secret");
    expect(() => runFor("http://host.example/v1", items(1), { key, trusted: false })).toThrow("https only");
    expect(() => runFor(side.url, items(1), { key: "sk secret\n" })).toThrow(
      /^The key of the endpoint is not a token$/,
    );
  });

  const escaped = [...key].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join("");
  const echoes: [string, ChatAnswer][] = [
    ["as it is", `your key is ${key}`],
    ["in an error", { status: 401, body: { error: { message: `bad key ${key}` } } }],
    ["escaped", { body: `{"choices":[{"message":{"content":"${escaped}"}}]}` }],
    ["in base64", Buffer.from(`Bearer ${key}`).toString("base64")],
  ];
  test.each(echoes)(
    "an endpoint that sends the key back, %s, is stopped and nothing is kept",
    async (_, answer) => {
      const side = await endpoint(() => answer);
      const run = runFor(side.url, items(2), { key });
      const error = await ask(run.options).then(
        () => null,
        (thrown: unknown) => thrown as Error,
      );
      expect(error?.message).toContain("sent the key back");
      expect(`${error?.message}${error?.stack}${JSON.stringify(run.calls)}`).not.toContain(key);
      expect(run.calls).toEqual([]);
    },
  );

  test("repeats below three are refused, and parameters that would replace the question or carry a key", () => {
    const at = { startedAt: new Date() };
    const adapter = (parameters: Record<string, unknown>) =>
      chatEndpoint({ url: "http://127.0.0.1:1/v1", model: "m", key: null, parameters, trusted: true });
    expect(() => transcriptHeader(adapter({}), items(1), { ...at, repeats: 2 })).toThrow(
      "asked 3 to 25 times",
    );
    for (const name of ["messages", "model", "stream", "n", "api_key", "Authorization", "x-token", "a b"])
      expect(() => transcriptHeader(adapter({ [name]: "v" }), items(1), { ...at, repeats: 3 })).toThrow(
        "cannot be",
      );
    expect(transcriptHeader(adapter({ max_tokens: 5 }), items(1), { ...at, repeats: 3 }).parameters).toEqual({
      max_tokens: 5,
    });
  });
});
