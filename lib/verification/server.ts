// Server only: commands and queries. Types and schemas safe for the client are in index.ts.
export { applyRecall } from "./apply-recall";
export { cancelRun } from "./cancel-run";
export { bundlePath, engineBuild, publishEngineBuild, runnableEngine } from "./engine-build";
export { eraseRecallNote } from "./erase-recall-note";
export { eraseResult } from "./erase-result";
export { executeFingerprint, failAbandonedFingerprint } from "./execute-fingerprint";
export { type ExecuteOptions, executeRun } from "./execute-run";
export { expireChecks } from "./expire-checks";
export { runChannel } from "./notify-run";
export { progressStream } from "./progress-stream";
export { publicBlob } from "./public-blob";
export { checkPage, runPage, runProgress, runsOfCase, storedResult } from "./queries";
export { queueRun } from "./queue-run";
export { recallMethod } from "./recall-method";
export { rerun } from "./rerun";
export { failAbandonedRun } from "./run-end";
export { startCheck } from "./start-check";
