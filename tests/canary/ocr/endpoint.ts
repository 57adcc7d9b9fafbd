import { type ChatEndpoint, startChatEndpoint } from "@/tests/support/chat-endpoint";
import type { Reader } from "./tesseract-reader";

/** An OpenAI-compatible vision endpoint on loopback: each name is a model, and the model reads what it is sent. */
export async function serveReaders(readers: Readonly<Record<string, Reader>>): Promise<ChatEndpoint> {
  return await startChatEndpoint(async ({ model, image }) => {
    const reader = readers[model];
    if (reader === undefined) return { status: 404, body: { error: { message: `no model ${model}` } } };
    if (image === null) return { status: 400, body: { error: { message: "no picture" } } };
    return await reader.read(image.bytes);
  });
}
