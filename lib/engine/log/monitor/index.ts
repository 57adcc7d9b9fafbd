/** Follows a log as a stranger would. Pure: what fetches and what remembers are given from outside. */
export { type BlobChoice, type FollowOptions, type FollowReport, followLog } from "./follow";
export { type MonitorCode, MonitorProblem, monitorCodes } from "./problem";
export { formatMonitorState, type MonitorState, parseMonitorState } from "./state";
export { verifyStillHolds } from "./still-holds";
export type { FetchPublic } from "./surface";
export { type LogStep, verifyLog } from "./verify-log";
