// Server only: commands and queries. Types and schemas safe for the client are in index.ts.
export { cancelRun } from "./cancel-run";
export { checkPage, runPage, runProgress, runsOfCase, storedResult } from "./queries";
export { queueRun } from "./queue-run";
export { rerun } from "./rerun";
export { checkLifeDays, checkLimits, startCheck } from "./start-check";
