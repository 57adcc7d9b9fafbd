import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { MemoryLog } from "@/tests/support/memory-log";

/** Serves a public log from a process of its own while `use` runs: "folder PATH" of files, "statements N" from memory. */
export async function served<Result>(
  args: readonly string[],
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const child = spawn(process.execPath, ["--import", "tsx", import.meta.filename, ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      child.stdout?.once("data", (line: Buffer) => resolve(line.toString().trim()));
    });
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    child.disconnect();
  }
}

function serve(kind: string | undefined, what = ""): void {
  const log = kind === "statements" ? new MemoryLog().grow(Number(what), "竹里 Bamboo").seal() : null;
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    if (log !== null) {
      const { status, body } = await log.fetch(path, 0);
      response.writeHead(status, { "content-length": body.length }).end(body);
      return;
    }
    createReadStream(join(what, path))
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
  process.on("disconnect", () => process.exit(0));
}

if (process.argv[1] === import.meta.filename) serve(...(process.argv.slice(2) as [string?, string?]));
