/** Programs in TypeScript for tests, all written for this purpose: an original, a look-alike and an upstream. */

/** The shortest way through a network (Dijkstra 1959), by one author: the original. */
export const routesTypeScript = `// Shortest ways through a network of stops.
export interface Road {
  readonly target: string;
  readonly length: number;
}

/** Waiting stops, the nearest first. */
export class WaitingLine {
  private readonly stops: string[] = [];
  private readonly distances: number[] = [];

  get size(): number {
    return this.stops.length;
  }

  insert(stop: string, distance: number): void {
    let place = this.stops.length;
    this.stops.push(stop);
    this.distances.push(distance);
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.distances[above] <= distance) break;
      this.stops[place] = this.stops[above];
      this.distances[place] = this.distances[above];
      place = above;
    }
    this.stops[place] = stop;
    this.distances[place] = distance;
  }

  removeNearest(): string | null {
    if (this.stops.length === 0) return null;
    const nearest = this.stops[0];
    const lastStop = this.stops.pop() as string;
    const lastDistance = this.distances.pop() as number;
    const remaining = this.stops.length;
    let place = 0;
    while (2 * place + 1 < remaining) {
      let below = 2 * place + 1;
      if (below + 1 < remaining && this.distances[below + 1] < this.distances[below]) below += 1;
      if (this.distances[below] >= lastDistance) break;
      this.stops[place] = this.stops[below];
      this.distances[place] = this.distances[below];
      place = below;
    }
    if (remaining > 0) {
      this.stops[place] = lastStop;
      this.distances[place] = lastDistance;
    }
    return nearest;
  }
}

export function readNetwork(text: string): Map<string, Road[]> {
  const network = new Map<string, Road[]>();
  for (const row of text.split(";")) {
    const [source, target, written] = row.trim().split(",");
    if (source === undefined || target === undefined) continue;
    const length = Number(written ?? "10");
    if (!(length >= 0)) throw new Error("a road needs a length");
    const roads = network.get(source) ?? [];
    roads.push({ target, length });
    network.set(source, roads);
    if (!network.has(target)) network.set(target, []);
  }
  return network;
}

export function shortestRoute(network: Map<string, Road[]>, start: string, goal: string): string[] | null {
  const reached = new Map<string, number>([[start, 0]]);
  const cameFrom = new Map<string, string>();
  const finished = new Set<string>();
  const line = new WaitingLine();
  line.insert(start, 0);
  while (line.size > 0) {
    const here = line.removeNearest() as string;
    if (finished.has(here)) continue;
    finished.add(here);
    if (here === goal) return walkedBack(cameFrom, start, goal);
    const soFar = reached.get(here) as number;
    for (const road of network.get(here) ?? []) {
      const total = soFar + road.length;
      const known = reached.get(road.target);
      if (known !== undefined && known <= total) continue;
      reached.set(road.target, total);
      cameFrom.set(road.target, here);
      line.insert(road.target, total);
    }
  }
  return null;
}

export function walkedBack(cameFrom: Map<string, string>, start: string, goal: string): string[] {
  const route = [goal];
  let current = goal;
  while (current !== start) {
    current = cameFrom.get(current) as string;
    route.push(current);
  }
  return route.reverse();
}

export function describeRoute(network: Map<string, Road[]>, route: string[]): string {
  let total = 0;
  const steps = [];
  for (let at = 1; at < route.length; at++) {
    const road = network.get(route[at - 1])?.find(({ target }) => target === route[at]);
    total += road === undefined ? 0 : road.length;
    steps.push(route[at] + " after " + total);
  }
  return steps.length === 0 ? "nowhere to go" : steps.join(", ");
}
`;

/** The same algorithm by somebody else, who has not seen the original. */
export const otherRoutesTypeScript = `type Arc = [to: number, cost: number];

const swap = <T>(list: T[], i: number, j: number) => {
  [list[i], list[j]] = [list[j]!, list[i]!];
};

export class BinaryHeap<T> {
  #data: T[] = [];
  constructor(private less: (x: T, y: T) => boolean) {}

  isEmpty() {
    return !this.#data.length;
  }

  push(value: T) {
    this.#data.push(value);
    this.#up(this.#data.length - 1);
  }

  pop(): T | undefined {
    const data = this.#data;
    swap(data, 0, data.length - 1);
    const out = data.pop();
    this.#down(0);
    return out;
  }

  #up(i: number): void {
    const parent = Math.floor((i - 1) / 2);
    if (i === 0 || !this.less(this.#data[i]!, this.#data[parent]!)) return;
    swap(this.#data, i, parent);
    this.#up(parent);
  }

  #down(i: number): void {
    const children = [2 * i + 1, 2 * i + 2].filter((c) => c < this.#data.length);
    const best = children.reduce((m, c) => (this.less(this.#data[c]!, this.#data[m]!) ? c : m), i);
    if (best !== i) {
      swap(this.#data, i, best);
      this.#down(best);
    }
  }
}

export class Graph {
  private arcs: Arc[][];

  constructor(private readonly order: number) {
    this.arcs = Array.from({ length: order }, () => []);
  }

  connect(from: number, to: number, cost = 1, directed = false) {
    this.arcs[from]!.push([to, cost]);
    if (!directed) this.arcs[to]!.push([from, cost]);
    return this;
  }

  dijkstra(source: number) {
    const dist = new Array<number>(this.order).fill(Infinity);
    const prev = new Array<number>(this.order).fill(-1);
    dist[source] = 0;
    const heap = new BinaryHeap<[number, number]>((x, y) => x[1] < y[1]);
    heap.push([source, 0]);
    do {
      const [u, d] = heap.pop()!;
      if (d === dist[u]) {
        this.arcs[u]!.forEach(([v, w]) => {
          if (d + w < dist[v]!) {
            heap.push([v, (dist[v] = d + w)]);
            prev[v] = u;
          }
        });
      }
    } while (!heap.isEmpty());
    return { dist, prev };
  }

  path(source: number, sink: number): { nodes: number[]; cost: number } | undefined {
    const { dist, prev } = this.dijkstra(source);
    if (!Number.isFinite(dist[sink])) return undefined;
    const back = (v: number): number[] => (v === -1 ? [] : [...back(prev[v]!), v]);
    return { nodes: back(sink), cost: dist[sink]! };
  }
}
`;

/** A common upstream, from which two releases took the same module and wrote the rest themselves. */
export const upstreamTypeScript = `export class TaskQueue {
  private running = 0;
  private closed = false;
  private readonly pending: Array<() => void> = [];

  constructor(private readonly most: number, private readonly patience: number) {
    if (!Number.isInteger(most) || most < 1) throw new RangeError("at least one at a time");
  }

  async run<T>(task: () => Promise<T>, retries: number): Promise<T> {
    if (this.closed) throw new Error("closed");
    if (this.running >= this.most) await new Promise<void>((resume) => this.pending.push(resume));
    this.running += 1;
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await task();
        } catch (problem) {
          if (attempt >= retries || this.closed) throw problem;
          const pause = Math.min(this.patience * 2 ** attempt, 30 * this.patience);
          await new Promise((resume) => setTimeout(resume, pause));
        }
      }
    } finally {
      this.running -= 1;
      const next = this.pending.shift();
      if (next !== undefined) next();
    }
  }

  async drain(): Promise<number> {
    let waited = 0;
    while (this.running > 0 || this.pending.length > 0) {
      await new Promise((resume) => setTimeout(resume, this.patience));
      waited += this.patience;
    }
    this.closed = true;
    return waited;
  }
}
`;

/** The same algorithm once more, by a third author and as textbooks have it. */
export const textbookRoutesTypeScript = `export interface Edge {
  from: string;
  to: string;
  weight: number;
}

interface Entry {
  key: string;
  priority: number;
}

export class MinPriorityQueue {
  private heap: Entry[] = [];

  public enqueue(key: string, priority: number): void {
    this.heap.push({ key, priority });
    let index = this.heap.length - 1;
    const element = this.heap[index];
    while (index > 0) {
      const parentIndex = Math.floor((index - 1) / 2);
      const parent = this.heap[parentIndex];
      if (element.priority >= parent.priority) break;
      this.heap[parentIndex] = element;
      this.heap[index] = parent;
      index = parentIndex;
    }
  }

  public dequeue(): Entry | undefined {
    const min = this.heap[0];
    const end = this.heap.pop();
    if (this.heap.length > 0 && end) {
      this.heap[0] = end;
      this.sinkDown(0);
    }
    return min;
  }

  private sinkDown(index: number): void {
    const length = this.heap.length;
    const element = this.heap[index];
    while (true) {
      const left = 2 * index + 1;
      const right = 2 * index + 2;
      let swap: number | null = null;
      if (left < length && this.heap[left].priority < element.priority) {
        swap = left;
      }
      if (right < length) {
        if (swap === null && this.heap[right].priority < element.priority) swap = right;
        if (swap !== null && this.heap[right].priority < this.heap[left].priority) swap = right;
      }
      if (swap === null) break;
      this.heap[index] = this.heap[swap];
      this.heap[swap] = element;
      index = swap;
    }
  }

  public isEmpty(): boolean {
    return this.heap.length === 0;
  }
}

export class WeightedGraph {
  private adjacency: Record<string, Edge[]> = {};

  public addVertex(vertex: string): void {
    if (!this.adjacency[vertex]) this.adjacency[vertex] = [];
  }

  public addEdge(from: string, to: string, weight: number): void {
    this.addVertex(from);
    this.addVertex(to);
    this.adjacency[from].push({ from, to, weight });
    this.adjacency[to].push({ from: to, to: from, weight });
  }

  public dijkstra(start: string, finish: string): string[] {
    const queue = new MinPriorityQueue();
    const distances: Record<string, number> = {};
    const previous: Record<string, string | null> = {};
    const path: string[] = [];
    for (const vertex in this.adjacency) {
      distances[vertex] = vertex === start ? 0 : Infinity;
      queue.enqueue(vertex, distances[vertex]);
      previous[vertex] = null;
    }
    while (!queue.isEmpty()) {
      let smallest: string | null = queue.dequeue()!.key;
      if (smallest === finish) {
        while (smallest !== null) {
          path.push(smallest);
          smallest = previous[smallest];
        }
        break;
      }
      for (const edge of this.adjacency[smallest]) {
        const candidate = distances[smallest] + edge.weight;
        if (candidate < distances[edge.to]) {
          distances[edge.to] = candidate;
          previous[edge.to] = smallest;
          queue.enqueue(edge.to, candidate);
        }
      }
    }
    return path.reverse();
  }
}
`;
