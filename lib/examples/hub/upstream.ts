/**
 * Where names that the example Hub does not know are sent. Only while that place answers: without a network, an unknown
 * name is unknown, and says so at once.
 */
export function createUpstream(origin: string | null, now: () => number, patienceMs = 2000) {
  let known: { readonly answers: Promise<boolean>; readonly until: number } | null = null;
  const probe = (place: string) =>
    fetch(place, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(patienceMs) }).then(
      () => true,
      () => false,
    );
  return async (path: string): Promise<string | null> => {
    if (origin === null) return null;
    if (known === null || known.until < now()) known = { answers: probe(origin), until: now() + 30_000 };
    return (await known.answers) ? new URL(path, origin).href : null;
  };
}
