import autocannon from "autocannon";

export interface Load {
  readonly path: string;
  readonly bytes: number;
  readonly requestsPerSecond: number;
  readonly p95Ms: number;
  readonly failed: number;
}

/** Keeps ten connections busy on one address for a while. */
export async function measure(origin: string, path: string, seconds: number): Promise<Load> {
  const bytes = (await (await fetch(origin + path)).arrayBuffer()).byteLength;
  const times: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon({ url: origin + path, connections: 10, duration: seconds }, (error, done) => {
      if (error) reject(error);
      else resolve(done);
    });
    run.on("response", (_client, _status, _bytes, responseTime) => {
      times.push(responseTime);
    });
  });
  times.sort((a, b) => a - b);
  return {
    path,
    bytes,
    requestsPerSecond: result.requests.average,
    p95Ms: times[Math.floor(times.length * 0.95)] ?? 0,
    failed: result.non2xx + result.errors,
  };
}

/** Of the files the page links, the one whose size is closest to the page's own. */
export async function staticPeer(origin: string, path: string): Promise<string> {
  const html = await (await fetch(origin + path)).text();
  const linked = [...new Set([...html.matchAll(/\/_next\/static\/[\w./~-]+/g)].map((match) => match[0]))];
  let best = { path: "", distance: Number.POSITIVE_INFINITY };
  for (const candidate of linked) {
    const answer = await fetch(origin + candidate);
    const distance = Math.abs((await answer.arrayBuffer()).byteLength - html.length);
    if (answer.ok && distance < best.distance) best = { path: candidate, distance };
  }
  return best.path;
}

/** Milliseconds until the page holds the text. */
export async function shownAfter(address: string, text: string, patienceMs: number): Promise<number | null> {
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    if ((await (await fetch(address)).text()).includes(text)) return Math.round(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}
