import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { passphraseFor, type Terminal } from "./passphrase";

/** A terminal on which somebody types; what the program writes and whether keys are shown is kept. */
class Typed extends EventEmitter {
  readonly isTTY = true;
  raw: boolean[] = [];
  written = "";
  constructor(readonly lines: (string | Buffer)[]) {
    super();
  }
  setRawMode(on: boolean): this {
    this.raw.push(on);
    return this;
  }
  resume(): this {
    const next = this.lines.shift();
    if (next !== undefined)
      setImmediate(() => {
        // Byte by byte: a letter may come in two pieces.
        for (const byte of Buffer.from(next)) this.emit("data", Buffer.of(byte));
      });
    return this;
  }
  pause(): this {
    return this;
  }
  terminal(): Terminal {
    return {
      input: this as unknown as Terminal["input"],
      output: { write: (text) => (this.written += text) },
    };
  }
}

test("the environment's is taken without asking", async () => {
  const typed = new Typed([]);
  expect(await passphraseFor("new", { SLIPMARK_CANARY_PASSPHRASE: "竹" }, typed.terminal())).toBe("竹");
  expect(typed.written).toBe("");
});

test("it is read from a terminal that shows none of it, letter by letter of any script", async () => {
  const typed = new Typed(["竹書\u007f簡 étoffé\r"]);
  expect(await passphraseFor("open", {}, typed.terminal())).toBe("竹簡 étoffé");
  expect(typed.written).toBe("Passphrase of the secrets: \n");
  expect(typed.raw).toEqual([true, false]);
  expect(typed.listenerCount("data")).toBe(0);
});

test("a new one is asked for twice, and both have to be the same", async () => {
  expect(await passphraseFor("new", {}, new Typed(["same one\n", "same one\n"]).terminal())).toBe("same one");
  const differ = passphraseFor("new", {}, new Typed(["one\r", "other\r"]).terminal());
  await expect(differ).rejects.toThrow("The two passphrases differ");
});

test("Ctrl-C stops, and the terminal shows again what is typed", async () => {
  const typed = new Typed(["half\u0003"]);
  await expect(passphraseFor("open", {}, typed.terminal())).rejects.toThrow("Stopped");
  expect(typed.raw.at(-1)).toBe(false);
});

test("without a terminal it is said which variable holds it", async () => {
  const none = { input: { isTTY: false } as Terminal["input"], output: { write: () => true } };
  await expect(passphraseFor("new", {}, none)).rejects.toThrow("SLIPMARK_CANARY_PASSPHRASE");
});
