// A child of the supervisor's tests: appends its number to a file, says it is ready, and ends when asked or left alone.
import { appendFileSync } from "node:fs";

const [file, behaviour] = process.argv.slice(2);
process.on("SIGTERM", () => behaviour !== "stubborn" && process.exit(0));
process.on("disconnect", () => process.exit(0));
appendFileSync(file, `${process.pid}\n`);
process.send({ type: "ready" });
