import { type ChatEndpoint, startChatEndpoint } from "@/tests/support/chat-endpoint";
import { tensorsHash } from "@/tests/zoo/model";
import { loadKernels } from "@/tests/zoo/trainer/kernels";
import type { Asked } from "./copies";
import { speaker } from "./speaker";

export interface ZooEndpoint extends ChatEndpoint {
  /** SHA-256 of each model as one safetensors file. */
  readonly weights: Readonly<Record<string, string>>;
}

/** An OpenAI-compatible endpoint on loopback: each name is a model of the zoo, and its forward pass makes the answer. */
export async function serveZoo(models: Readonly<Record<string, Asked>>): Promise<ZooEndpoint> {
  const speakers: Record<string, ReturnType<typeof speaker>> = {};
  const weights: Record<string, string> = {};
  for (const [name, asked] of Object.entries(models)) {
    const model = asked.model();
    weights[name] = tensorsHash(model.tensors, model.dtype);
    speakers[name] = speaker(await loadKernels(), model);
  }
  const endpoint = await startChatEndpoint(({ model, text, body }) => {
    const speak = speakers[model];
    if (speak === undefined) return { status: 404, body: { error: { message: `no model ${model}` } } };
    return speak(text, Number(body.max_tokens ?? 8));
  });
  return { ...endpoint, weights };
}
