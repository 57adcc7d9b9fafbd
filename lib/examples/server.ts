export { type HubState, hubStateFile, readHubState } from "./hub/control";
export { type ExampleHubOptions, serveExampleHub } from "./hub/serve-examples";
export { examplesWanted, loadExampleLedger } from "./ledger/instance-examples";
export { type Loaded, loadExamples } from "./ledger/load-examples";
