import pino from "pino";

// The level is read here and not through env(): a wrong value of another variable must still be logged.
const level = process.env.LOG_LEVEL?.trim() || "info";

/** JSON lines on stderr; stdout belongs to what a command prints. Secrets are never passed to it. */
export const log = pino(
  {
    level: level in pino.levels.values || level === "silent" ? level : "info",
    base: { pid: process.pid },
    redact: ["req.headers.authorization", "req.headers.cookie", "token", "*.token"],
  },
  pino.destination(2),
);
