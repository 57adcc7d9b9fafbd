import type { ReleaseReader } from "@/lib/engine/io/source/release";
import type { Method, MethodInput, MethodOutcome } from "@/lib/engine/methods/method";
import { zooRelease } from "../zoo/zoo";

export interface ZooRun {
  readonly original: string;
  readonly suspect: string;
  readonly ancestors?: readonly string[];
  readonly controls?: readonly string[];
  readonly screened?: number;
}

/** Runs methods on releases of the zoo as one comparison does: values shared, no network, no disk. */
export async function runOnZoo<Id extends string>(
  methods: readonly Method<Id>[],
  { original, suspect, ancestors = [], controls = [], screened = 1 }: ZooRun,
): Promise<MethodOutcome<Id>[]> {
  const all = (names: readonly string[]): Promise<ReleaseReader[]> => Promise.all(names.map(zooRelease));
  const made = new Map<string, Promise<unknown>>();
  const input: MethodInput = {
    original: await zooRelease(original),
    suspect: await zooRelease(suspect),
    ancestors: await all(ancestors),
    controls: await all(controls),
    parameters: { nonce: "", screened, level: 2 },
    shared: <T>(key: string, make: () => Promise<T>) => {
      const value = made.get(key) ?? make();
      made.set(key, value);
      return value as Promise<T>;
    },
  };
  const outcomes: MethodOutcome<Id>[] = [];
  for (const method of methods) outcomes.push(await method.run(input));
  return outcomes;
}
