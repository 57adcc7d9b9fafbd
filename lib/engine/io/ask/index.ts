/** Asking canaries: of an OpenAI-compatible endpoint or a command; a transcript that survives an interruption. */
export type { AskAdapter, Attempt, Outcome, Patience } from "./adapter";
export { type AskOptions, type AskProgress, ask } from "./ask";
export { type ChatEndpointOptions, chatEndpoint } from "./chat-endpoint";
export { type CommandOptions, commandAdapter } from "./command";
export { type AskFacts, transcriptHeader } from "./header";
export { type Journal, openJournal } from "./journal";
export { type ItemsFile, readItemsFile } from "./read-items";
