import type { z } from "zod";
import type { SourceClient } from "../../net/source-client";
import { privateOrGated, unexpectedAnswer, unknownRepository, unknownRevision } from "../answer-errors";

/** GET below the API's base address, parsed and checked. 404 and 422 are told apart as GitHub uses them. */
export async function githubJson<T extends z.ZodType>(
  client: SourceClient,
  path: string,
  schema: T,
  about: { readonly repository: string; readonly revision: string; readonly maxBytes: number },
): Promise<z.infer<T>> {
  const answer = await client.get(new URL(`${client.base.href.replace(/\/+$/, "")}${path}`), {
    maxBytes: about.maxBytes,
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
  });
  const { status } = answer;
  if (status === 401 || status === 403) throw privateOrGated(about.repository);
  if (status === 404 || status === 410) throw unknownRepository(about.repository);
  // 422: no commit for this name; 409: the repository is empty.
  if (status === 422 || status === 409) throw unknownRevision(about.repository, about.revision);
  if (status !== 200) throw unexpectedAnswer(client.base.host, `answered ${status}`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(answer.body).toString("utf8"));
  } catch {
    throw unexpectedAnswer(client.base.host, "sent an answer that cannot be read");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unexpectedAnswer(client.base.host, "sent an answer that cannot be read");
  return parsed.data;
}
