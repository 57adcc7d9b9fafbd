import type { Answer, SourceClient } from "../../net/source-client";
import { privateOrGated, unexpectedAnswer, unknownRepository, unknownRevision } from "../answer-errors";

/**
 * The `fetch` that @huggingface/hub is given: GET only, through the guarded client, whole small JSON answers.
 * Error answers never reach the library: they become the engine's codes here.
 */
export function hubFetch(
  client: SourceClient,
  about: { readonly repository: string; readonly revision: string; readonly maxBytes: number },
): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers: Record<string, string> = {};
    new Headers(init?.headers).forEach((value, name) => {
      headers[name] = value;
    });
    const answer = await client.get(url, { headers, maxBytes: about.maxBytes });
    throwIfRefused(answer, about);
    return new Response(answer.body as Uint8Array<ArrayBuffer>, {
      status: 200,
      headers: plainHeaders(answer),
    });
  };
}

/** X-Error-Code first (the Hub's closed list); a bare 401 stands for private, gated and missing alike. */
function throwIfRefused(answer: Answer, about: { repository: string; revision: string }): void {
  if (answer.status < 300) return;
  switch (answer.headers["x-error-code"]) {
    case "RepoNotFound":
      throw unknownRepository(about.repository);
    case "RevisionNotFound":
      throw unknownRevision(about.repository, about.revision);
    case "GatedRepo":
      throw privateOrGated(about.repository);
  }
  if (answer.status === 401 || answer.status === 403) throw privateOrGated(about.repository);
  if (answer.status === 404 || answer.status === 410) {
    const text = Buffer.from(answer.body).toString("utf8").slice(0, 2000);
    throw /rev(ision)?\b/i.test(text)
      ? unknownRevision(about.repository, about.revision)
      : unknownRepository(about.repository);
  }
  throw unexpectedAnswer(answer.url.host, `answered ${answer.status}`);
}

function plainHeaders(answer: Answer): Headers {
  const headers = new Headers();
  for (const name of ["content-type", "link"]) {
    const value = answer.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  return headers;
}
