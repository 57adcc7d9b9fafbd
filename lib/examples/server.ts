export { type HubState, readHubState } from "./hub/control";
export { type Loaded, loadExamples } from "./ledger/load-examples";
export { hubClient } from "./local/hub-client";
export { awaitRun, openLocalCase } from "./local/open-local-case";
