import type { Listener } from "@/lib/platform/notify";
import { pagesChannel } from "./index";
import { revalidateSecret } from "./secret";

/**
 * Hears which pages changed, in whatever process, and takes them out of this process's cache through its own loopback
 * route. What was missed while the connection was down shows with the pages' own expiry (5 s).
 */
export function listenForPageChanges(
  listener: Listener,
  options: { readonly origin: string; readonly onError: (error: unknown) => void },
): () => void {
  const waiting = new Set<string>();
  let sending = false;

  const send = async () => {
    if (sending) return;
    sending = true;
    while (waiting.size > 0) {
      const paths = [...waiting].slice(0, 500);
      for (const path of paths) waiting.delete(path);
      try {
        await revalidate(options.origin, { paths });
      } catch (error) {
        options.onError(error);
      }
    }
    sending = false;
  };

  return listener.subscribe(pagesChannel, (payload) => {
    if (payload === null) return;
    for (const path of parsePaths(payload)) waiting.add(path);
    void send();
  });
}

/** Takes pages out of this process's cache through its own loopback route. */
export async function revalidate(
  origin: string,
  what: { readonly paths: readonly string[]; readonly forget?: boolean },
): Promise<void> {
  const response = await fetch(`${origin}/internal/revalidate`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-slipmark-revalidate": revalidateSecret() },
    body: JSON.stringify(what),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`revalidation answered ${response.status}`);
}

function parsePaths(payload: string): string[] {
  try {
    const paths: unknown = JSON.parse(payload);
    return Array.isArray(paths)
      ? paths.filter((path) => typeof path === "string" && path.startsWith("/"))
      : [];
  } catch {
    return [];
  }
}
