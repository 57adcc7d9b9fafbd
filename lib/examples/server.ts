export { type HubState, hubStateFile, readHubState } from "./hub/control";
export { type ExampleHubOptions, serveExampleHub } from "./hub/serve-examples";
export { type Loaded, loadExamples } from "./ledger/load-examples";
export { hubClient } from "./local/hub-client";
export { awaitRun, openLocalCase } from "./local/open-local-case";
