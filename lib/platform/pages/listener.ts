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
        const response = await fetch(`${options.origin}/internal/revalidate`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-slipmark-revalidate": revalidateSecret() },
          body: JSON.stringify({ paths }),
          signal: AbortSignal.timeout(10_000),
        });
        if (!response.ok) throw new Error(`revalidation answered ${response.status}`);
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
