/**
 * What each model answered, as whole numbers: one column a model, one entry an item. 0 is the truth (or the drawn
 * label), −1 no answer that counts (blank, unstable), anything else stands for one wrong answer of that item.
 */
export type Coded = Int32Array;

/** An item on which two models both answered and were both wrong. */
export interface JointError {
  /** References that gave the first model's wrong answer, and references that were wrong at all. */
  readonly same: number;
  readonly wrong: number;
  /** 1 if the second model gave the first one's answer. */
  readonly agrees: 0 | 1;
}

/** Joint errors of two models before references, in the order of the items. */
export function jointErrors(a: Coded, b: Coded, references: readonly Coded[]): JointError[] {
  const found: JointError[] = [];
  for (let item = 0; item < a.length; item++) {
    const answer = a[item] as number;
    if (answer <= 0 || (b[item] as number) <= 0) continue;
    let [same, wrong] = [0, 0];
    for (const reference of references) {
      const given = reference[item] as number;
      if (given <= 0) continue;
      wrong += 1;
      if (given === answer) same += 1;
    }
    found.push({ same, wrong, agrees: b[item] === answer ? 1 : 0 });
  }
  return found;
}

/** Joint errors counted by (same, wrong), and how many agree. */
export interface ErrorTable {
  /** Count at [wrong × (most + 1) + same]. */
  readonly cells: Int32Array;
  readonly most: number;
  readonly errors: number;
  readonly agreeing: number;
}

export function tableOf(errors: readonly JointError[], most: number): ErrorTable {
  const cells = new Int32Array((most + 1) * (most + 1));
  let agreeing = 0;
  for (const { same, wrong, agrees } of errors) {
    const at = wrong * (most + 1) + same;
    cells[at] = (cells[at] as number) + 1;
    agreeing += agrees;
  }
  return { cells, most, errors: errors.length, agreeing };
}

/**
 * The tables of every ordered pair of models, all others serving as references: calls `visit` with the positions of
 * the two. Memory models³, time items × models².
 */
export function everyPair(
  models: readonly Coded[],
  visit: (a: number, b: number, table: ErrorTable) => void,
): void {
  const items = models[0]?.length ?? 0;
  const most = Math.max(models.length - 2, 0);
  const side = most + 1;
  const { wrong, alike } = countsOf(models);
  const cells = models.map(() => new Int32Array(side * side));
  const errors = new Int32Array(models.length);
  const agreeing = new Int32Array(models.length);
  for (const [a, own] of models.entries()) {
    for (const table of cells) table.fill(0);
    errors.fill(0);
    agreeing.fill(0);
    for (let item = 0; item < items; item++) {
      const answer = own[item] as number;
      if (answer <= 0) continue;
      const others = (wrong[item] as number) - 2;
      const same = (alike[a * items + item] as number) - 1;
      for (let b = 0; b < models.length; b++) {
        const given = (models[b] as Coded)[item] as number;
        if (given <= 0 || b === a) continue;
        const agrees = given === answer ? 1 : 0;
        const at = others * side + same - agrees;
        const table = cells[b] as Int32Array;
        table[at] = (table[at] as number) + 1;
        errors[b] = (errors[b] as number) + 1;
        agreeing[b] = (agreeing[b] as number) + agrees;
      }
    }
    for (let b = 0; b < models.length; b++) {
      if (b === a) continue;
      const [n, x] = [errors[b] as number, agreeing[b] as number];
      visit(a, b, { cells: cells[b] as Int32Array, most, errors: n, agreeing: x });
    }
  }
}

/** Models that are wrong on each item, and for each model and item those that give its wrong answer, itself included. */
function countsOf(models: readonly Coded[]): { wrong: Uint16Array; alike: Uint16Array } {
  const items = models[0]?.length ?? 0;
  const wrong = new Uint16Array(items);
  const alike = new Uint16Array(models.length * items);
  const byAnswer = new Map<number, number>();
  for (let item = 0; item < items; item++) {
    byAnswer.clear();
    for (const model of models) {
      const given = model[item] as number;
      if (given <= 0) continue;
      wrong[item] = (wrong[item] as number) + 1;
      byAnswer.set(given, (byAnswer.get(given) ?? 0) + 1);
    }
    for (const [m, model] of models.entries()) {
      alike[m * items + item] = byAnswer.get(model[item] as number) ?? 0;
    }
  }
  return { wrong, alike };
}
