import type { AskedItem, Call } from "../../lib/engine/canary/transcript";
import type { Patience } from "../../lib/engine/io/ask/adapter";
import type { AskOptions } from "../../lib/engine/io/ask/ask";
import { type ChatEndpointOptions, chatEndpoint } from "../../lib/engine/io/ask/chat-endpoint";
import { transcriptHeader } from "../../lib/engine/io/ask/header";
import { type AskedQuestion, type ChatAnswer, type ChatEndpoint, startChatEndpoint } from "./chat-endpoint";

const open: ChatEndpoint[] = [];
/** For afterEach. */
export async function closeEndpoints(): Promise<void> {
  for (const one of open.splice(0)) await one.close();
}

/** A loopback endpoint that closeEndpoints closes. */
export async function endpoint(answer: (question: AskedQuestion) => ChatAnswer | Promise<ChatAnswer>) {
  const made = await startChatEndpoint(answer);
  open.push(made);
  return made;
}

/** Short pauses. */
export const quick: Patience = { maxRetries: 2, retryBaseMs: 2, maxWaitMs: 3_000 };
/** Items that ask for a number each. */
export const items = (count: number): AskedItem[] =>
  Array.from({ length: count }, (_, k) => ({ id: `i${k}`, prompt: `What is ${k}?` }));

export interface Run {
  readonly calls: Call[];
  readonly lines: string[];
  readonly options: AskOptions;
}

/** One run against an endpoint, and what it keeps. */
export function runFor(
  url: string,
  asked: readonly AskedItem[],
  changes: Partial<ChatEndpointOptions> = {},
  more: Partial<AskOptions> = {},
): Run {
  const adapter = chatEndpoint({
    url,
    model: "reed",
    key: null,
    parameters: { temperature: 0 },
    trusted: true,
    patience: quick,
    callMs: 3_000,
    ...changes,
  });
  const startedAt = new Date("2026-01-01T00:00:00Z");
  const header = more.header ?? transcriptHeader(adapter, asked, { repeats: 3, startedAt });
  const run = { calls: [] as Call[], lines: [] as string[] };
  const options: AskOptions = {
    header,
    items: asked,
    adapter,
    onCall: (call, line) => {
      run.calls.push(call);
      run.lines.push(line);
    },
    ...more,
  };
  return { ...run, options };
}
