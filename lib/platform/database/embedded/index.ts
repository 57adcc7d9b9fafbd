export { freePort } from "./free-port";
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from "./server";
