import { createServer } from "node:net";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Refuses a port that somebody listens on, before any work is done. */
export function checkPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartProblem(explain(error.code, host, port))),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function explain(code: string | undefined, host: string, port: number): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} on ${host} is taken: stop what listens there, or choose another, for example PORT=${port === 65535 ? port - 1 : port + 1} npm start`;
    case "EACCES":
      return `port ${port} on ${host} may not be used by this user: choose one above 1023 with PORT`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `HOST is "${host}": expected an address or name of this machine`;
    default:
      return `cannot listen on ${host}, port ${port}: ${code ?? "unknown reason"}`;
  }
}
