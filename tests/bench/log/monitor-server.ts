/** A site's public log for the bench of the monitor: "folder PATH" serves files, "statements N" a log in memory. */
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { MemoryLog } from "@/tests/support/memory-log";

const [kind, what = ""] = process.argv.slice(2);
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
