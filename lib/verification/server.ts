// Server only: commands and queries. Types and schemas safe for the client are in index.ts.
export { cancelRun } from "./cancel-run";
export { bundlePath, engineBuild, publishEngineBuild, runnableEngine } from "./engine-build";
export { executeFingerprint, failAbandonedFingerprint } from "./execute-fingerprint";
export { type ExecuteOptions, executeRun } from "./execute-run";
export { expireChecks } from "./expire-checks";
export { runChannel } from "./notify-run";
export { progressStream } from "./progress-stream";
export { publicBlob } from "./public-blob";
export { checkPage, runPage, runProgress, runsOfCase, storedResult } from "./queries";
export { queueRun } from "./queue-run";
export { rerun } from "./rerun";
export { failAbandonedRun } from "./run-end";
export { startCheck } from "./start-check";
