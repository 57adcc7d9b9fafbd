/**
 * The assignment problem: which column each row gets so that the sum of cost[row * n + column] is smallest.
 *
 * Shortest augmenting paths with dual prices (R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense
 * and sparse linear assignment problems", Computing 38, 1987): column reduction, two rounds of augmenting row
 * reduction, then one Dijkstra search for each row still free. O(n³) time, O(n) memory beside the costs.
 *
 * Only + − and comparisons of float64 take part, so every machine finds the same. Tie rule: wherever two candidates are
 * equal the lower index is taken; among several optimal assignments that fixes one, which *depends on the order* of
 * rows and columns. Whoever needs chance there must permute before and undo after.
 *
 * @param cost n × n, row-major, finite
 * @returns column of each row (a permutation of 0 … n − 1)
 * @throws RangeError for a wrong length or a cost that is no finite number
 */
export function assign(cost: Float64Array | Float32Array, n: number): Int32Array {
  if (!Number.isSafeInteger(n) || n < 0 || cost.length !== n * n) throw new RangeError("cost is not n × n");
  for (let k = 0; k < cost.length; k++) {
    if (!Number.isFinite(cost[k] as number)) throw new RangeError("every cost must be a finite number");
  }
  const state: State = {
    cost,
    n,
    price: new Float64Array(n),
    columnOf: new Int32Array(n).fill(-1),
    rowOf: new Int32Array(n).fill(-1),
  };
  reduceColumns(state);
  for (let round = 0; round < 2; round++) reduceRows(state);
  augment(state);
  return state.columnOf;
}

interface State {
  readonly cost: Float64Array | Float32Array;
  readonly n: number;
  /** Dual price of each column: cost − price ≥ the row's own price everywhere, equal where assigned. */
  readonly price: Float64Array;
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
}

/** Each column's price is its smallest cost; a row that is still free takes the column. */
function reduceColumns({ cost, n, price, columnOf, rowOf }: State): void {
  const best = new Int32Array(n);
  price.fill(Number.POSITIVE_INFINITY);
  for (let row = 0, at = 0; row < n; row++) {
    for (let column = 0; column < n; column++, at++) {
      const value = cost[at] as number;
      if (value < (price[column] as number)) {
        price[column] = value;
        best[column] = row;
      }
    }
  }
  for (let column = 0; column < n; column++) {
    const row = best[column] as number;
    if (columnOf[row] !== -1) continue;
    columnOf[row] = column;
    rowOf[column] = row;
  }
}

/** A free row takes its cheapest column, lowering that price to its second-best; whoever stood there goes on looking. */
function reduceRows({ cost, n, price, columnOf, rowOf }: State): void {
  const free = rowsWithout(columnOf);
  let next = 0;
  // Prices fall with every step taken at once; the bound only guards against steps lost in rounding.
  for (let steps = 0; next < free.length && steps < 20 * n; steps++) {
    const row = free[next] as number;
    next += 1;
    let [least, second, first, other] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
    for (let column = 0, at = row * n; column < n; column++, at++) {
      const reduced = (cost[at] as number) - (price[column] as number);
      if (reduced < second) {
        if (reduced < least) {
          second = least;
          other = first;
          least = reduced;
          first = column;
        } else {
          second = reduced;
          other = column;
        }
      }
    }
    const lowered = (price[first] as number) - (second - least);
    const falls = other !== -1 && lowered < (price[first] as number);
    let column = first;
    if (falls) price[first] = lowered;
    else if (rowOf[first] !== -1 && other !== -1 && second === least) column = other;
    const displaced = rowOf[column] as number;
    if (!falls && displaced !== -1) continue;
    columnOf[row] = column;
    rowOf[column] = row;
    if (displaced === -1) continue;
    columnOf[displaced] = -1;
    next -= 1;
    free[next] = displaced;
  }
}

/** For each free row a cheapest alternating path to a free column (Dijkstra on reduced costs), then the prices along it. */
function augment({ cost, n, price, columnOf, rowOf }: State): void {
  const distance = new Float64Array(n);
  const from = new Int32Array(n);
  // Columns in three parts: settled [0, scanned), settled but not yet looked through [scanned, settled), the rest.
  const order = new Int32Array(n);
  for (const start of rowsWithout(columnOf)) {
    for (let column = 0, at = start * n; column < n; column++, at++) {
      distance[column] = (cost[at] as number) - (price[column] as number);
      from[column] = start;
      order[column] = column;
    }
    let [scanned, settled, ready, least, end] = [0, 0, 0, 0, -1];
    while (end === -1) {
      if (scanned === settled) {
        ready = scanned;
        least = Number.POSITIVE_INFINITY;
        for (let k = settled; k < n; k++) {
          const column = order[k] as number;
          const d = distance[column] as number;
          if (d > least) continue;
          if (d < least) {
            settled = scanned;
            least = d;
          }
          order[k] = order[settled] as number;
          order[settled] = column;
          settled += 1;
        }
        end = freeColumn(order, scanned, settled, rowOf);
        if (end !== -1) break;
      }
      const column = order[scanned] as number;
      const row = rowOf[column] as number;
      scanned += 1;
      const base = (cost[row * n + column] as number) - (price[column] as number) - least;
      for (let k = settled, at = row * n; k < n; k++) {
        const to = order[k] as number;
        const d = (cost[at + to] as number) - (price[to] as number) - base;
        if (d >= (distance[to] as number)) continue;
        distance[to] = d;
        from[to] = row;
        // Rounding may make a step "negative"; it is as near as what is settled now.
        if (d > least) continue;
        distance[to] = least;
        order[k] = order[settled] as number;
        order[settled] = to;
        settled += 1;
        if (rowOf[to] === -1 && (end === -1 || to < end)) end = to;
      }
    }
    for (let k = 0; k < ready; k++) {
      const column = order[k] as number;
      price[column] = (price[column] as number) + (distance[column] as number) - least;
    }
    for (let column = end, row = -1; row !== start; ) {
      row = from[column] as number;
      rowOf[column] = row;
      const before = columnOf[row] as number;
      columnOf[row] = column;
      column = before;
    }
  }
}

function freeColumn(order: Int32Array, from: number, to: number, rowOf: Int32Array): number {
  let found = -1;
  for (let k = from; k < to; k++) {
    const column = order[k] as number;
    if (rowOf[column] === -1 && (found === -1 || column < found)) found = column;
  }
  return found;
}

function rowsWithout(columnOf: Int32Array): number[] {
  return Array.from(columnOf.keys()).filter((row) => columnOf[row] === -1);
}
