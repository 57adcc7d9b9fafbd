import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a request to the endpoint asks, taken apart. */
export interface AskedQuestion {
  readonly model: string;
  /** The text of the user's message; "" beside an image alone. */
  readonly text: string;
  readonly image: { readonly type: string; readonly bytes: Buffer } | null;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage["headers"];
  /** 1 for the first request. */
  readonly count: number;
}

/** An answer's text, or what a test writes by hand. */
export type ChatAnswer =
  | string
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: string | Buffer | object;
      /** Takes the response over. */
      readonly raw?: (response: ServerResponse, request: IncomingMessage) => void;
    };

export interface ChatEndpoint {
  /** Base address, http://127.0.0.1:PORT/v1. */
  readonly url: string;
  readonly questions: AskedQuestion[];
  /** Largest number of requests that were open at once. */
  readonly most: () => number;
  close(): Promise<void>;
}

/**
 * A real server on loopback that speaks OpenAI's chat completions in the way of vLLM, Ollama and llama.cpp server: text,
 * and images as data URLs. Whatever the callback returns is the answer.
 */
export async function startChatEndpoint(
  answer: (question: AskedQuestion) => ChatAnswer | Promise<ChatAnswer>,
): Promise<ChatEndpoint> {
  const questions: AskedQuestion[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.on("close", () => {
      open -= 1;
    });
    response.on("error", () => {});
    void handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500).end(String(error));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
      sendJson(response, 404, { error: { message: `no ${request.method} ${request.url}` } });
      return;
    }
    const body = JSON.parse((await bodyOf(request)).toString("utf8")) as Record<string, unknown>;
    const question = { ...takeApart(body), body, headers: request.headers, count: questions.length + 1 };
    questions.push(question);
    const given = await answer(question);
    if (typeof given === "string") return sendJson(response, 200, completion(question.model, given));
    if (given.raw) return given.raw(response, request);
    const isRaw = typeof given.body === "string" || Buffer.isBuffer(given.body);
    response.writeHead(given.status ?? 200, { "content-type": "application/json", ...given.headers });
    response.end(isRaw ? given.body : JSON.stringify(given.body ?? {}));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    questions,
    most: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A chat completion with everything that such servers send. */
export function completion(model: string, content: unknown): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1767225600,
    model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function takeApart(body: Record<string, unknown>): Pick<AskedQuestion, "model" | "text" | "image"> {
  const [message] = body.messages as { content: unknown }[];
  const model = String(body.model);
  if (typeof message?.content === "string") return { model, text: message.content, image: null };
  const parts = message?.content as { type: string; text?: string; image_url?: { url: string } }[];
  const url = parts.find((part) => part.type === "image_url")?.image_url?.url ?? "";
  const data = /^data:([a-z]+\/[a-z]+);base64,([A-Za-z0-9+/=]+)$/.exec(url);
  if (!data) throw new Error(`no data URL: ${url.slice(0, 60)}`);
  return {
    model,
    text: parts.find((part) => part.type === "text")?.text ?? "",
    image: { type: data[1] as string, bytes: Buffer.from(data[2] as string, "base64") },
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
