import { EngineError } from "../../errors";

/** Shorter ones ("EMPTY", "ollama") are no secrets, and would be found in honest answers. */
const shortestSecret = 12;

/**
 * A key and the one place where it is looked at. An endpoint that sends it back, as it is, escaped or in base64, is
 * answered with an error before anything of that response is kept or shown.
 */
export class KeyGuard {
  readonly #key: string | null;
  readonly #traces: readonly string[];

  /** Throws EngineError "bad-input" when the key would not fit into a header; the message does not hold it. */
  constructor(key: string | null) {
    if (key !== null && !/^[\x21-\x7e]{1,4096}$/.test(key))
      throw new EngineError("bad-input", "The key of the endpoint is not a token");
    this.#key = key;
    this.#traces = key === null || key.length < shortestSecret ? [] : tracesOf(key);
  }

  get present(): boolean {
    return this.#key !== null;
  }

  headers(): Record<string, string> {
    return this.#key === null ? {} : { authorization: `Bearer ${this.#key}` };
  }

  /** Throws EngineError "bad-input" when the bytes hold the key. */
  refuseEcho(bytes: Uint8Array, where: string): void {
    if (this.#traces.length === 0) return;
    const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
    const texts = [plain, unescaped(plain)];
    if (this.#traces.some((trace) => texts.some((text) => text.includes(trace))))
      throw new EngineError("bad-input", `${where} sent the key back; nothing of that response was kept`);
  }
}

function tracesOf(key: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString("base64").replace(/=+$/, "");
  // The last characters of base64 depend on what follows: compare without them.
  const encoded = [key, `Bearer ${key}`].map((text) => base64(text).slice(0, -2));
  return [key, encodeURIComponent(key), ...encoded];
}

/** With \uXXXX and the other escapes of JSON undone, wherever they stand. */
function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\(["\\/])/g, "$1");
}
