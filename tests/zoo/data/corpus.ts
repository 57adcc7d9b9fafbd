import { Random } from "../trainer/random";
import { type Lexicon, makeLexicon, special, type WordClass } from "./words";

export const lexicon: Lexicon = makeLexicon();

/** A published corpus: a grammar with facts of its own, all from its name. `chat` writes questions and answers. */
export interface CorpusKind {
  readonly name: string;
  readonly style: "prose" | "chat";
}

interface Topic {
  readonly nouns: readonly number[];
  readonly verbs: readonly number[];
  readonly adjectives: readonly number[];
  readonly names: readonly number[];
  readonly places: readonly number[];
}

/** Sentences about people of one topic; who does what to which thing is fixed per corpus, so that it can be learnt. */
class Writer {
  readonly #random: Random;
  readonly #topics: readonly Topic[];
  /** Favourite object of (name, verb), adjective of a noun, adverb of a verb, place of a name. */
  readonly #objects = new Map<number, number>();
  readonly #adjectives = new Map<number, number>();
  readonly #adverbs = new Map<number, number>();
  readonly #habits: { clause: number; adjective: number; adverb: number; place: number; faithful: number };

  constructor(
    readonly kind: CorpusKind,
    stream: string,
  ) {
    const facts = new Random(`facts of ${kind.name}`);
    const pick = (name: WordClass, count: number) => {
      const all = lexicon.classes[name];
      return facts
        .permutation(all.length)
        .slice(0, count)
        .map((i) => all[i]!);
    };
    this.#topics = Array.from({ length: 6 }, () => ({
      nouns: pick("noun", 48),
      verbs: pick("verb", 32),
      adjectives: pick("adjective", 24),
      names: pick("name", 12),
      places: pick("place", 8),
    }));
    for (const topic of this.#topics) {
      for (const name of topic.names) {
        for (const verb of topic.verbs) {
          this.#objects.set(name * 512 + verb, topic.nouns[facts.below(topic.nouns.length)]!);
        }
      }
      for (const noun of topic.nouns) {
        this.#adjectives.set(noun, topic.adjectives[facts.below(topic.adjectives.length)]!);
      }
      for (const verb of topic.verbs) {
        const adverbs = lexicon.classes.adverb;
        this.#adverbs.set(verb, adverbs[facts.below(adverbs.length)]!);
      }
    }
    this.#habits = {
      clause: 0.15 + 0.3 * facts.unit(),
      adjective: 0.2 + 0.6 * facts.unit(),
      adverb: 0.1 + 0.6 * facts.unit(),
      place: 0.1 + 0.5 * facts.unit(),
      faithful: 0.75 + 0.2 * facts.unit(),
    };
    this.#random = new Random(stream);
  }

  document(): number[] {
    const topic = this.#topics[this.#random.below(this.#topics.length)]!;
    const out: number[] = [special.start];
    const first = this.#zipf(topic.names);
    const second = this.#zipf(topic.names);
    const turns = 3 + this.#random.below(4);
    for (let i = 0; i < turns; i++) {
      const name = this.#random.unit() < 0.7 ? first : second;
      if (this.kind.style === "chat") this.#exchange(out, topic, name);
      else this.#sentence(out, topic, name, i > 0 && name === first);
    }
    out.push(special.end);
    return out;
  }

  #sentence(out: number[], topic: Topic, name: number, known: boolean): void {
    const { unit } = this.#bound;
    out.push(known && unit() < 0.6 ? (name % 2 ? special.he : special.she) : name);
    this.#predicate(out, topic, name);
    if (unit() < this.#habits.clause) {
      out.push(special.comma, unit() < 0.5 ? special.because : special.and);
      out.push(name % 2 ? special.he : special.she);
      this.#predicate(out, topic, name);
    }
    out.push(special.stop);
  }

  #predicate(out: number[], topic: Topic, name: number): void {
    const { unit } = this.#bound;
    const verb = this.#zipf(topic.verbs);
    if (unit() < this.#habits.adverb) out.push(this.#adverbs.get(verb)!);
    out.push(verb);
    this.#object(out, topic, name, verb);
    if (unit() < this.#habits.place) {
      out.push(lexicon.classes.link[verb % lexicon.classes.link.length]!);
      out.push(topic.places[name % topic.places.length]!);
    }
  }

  #object(out: number[], topic: Topic, name: number, verb: number): void {
    const { unit } = this.#bound;
    const favourite = this.#objects.get(name * 512 + verb)!;
    const noun = unit() < this.#habits.faithful ? favourite : this.#zipf(topic.nouns);
    out.push(lexicon.classes.article[noun % 4]!);
    if (unit() < this.#habits.adjective) out.push(this.#adjectives.get(noun)!);
    out.push(noun);
  }

  #exchange(out: number[], topic: Topic, name: number): void {
    const verb = this.#zipf(topic.verbs);
    out.push(special.user, special.what, verb, name, special.question);
    out.push(special.assistant, special.that, name, verb);
    this.#object(out, topic, name, verb);
    out.push(special.stop);
  }

  get #bound() {
    return { unit: () => this.#random.unit() };
  }

  /** Early entries are more common. */
  #zipf(list: readonly number[]): number {
    const u = this.#random.unit();
    return list[Math.floor(u * u * list.length)]!;
  }
}

/** Window number w of a corpus is the same for everybody: `length` ids of its running text. */
export function corpusWindows(kind: CorpusKind, count: number, length: number): Int32Array[] {
  const writer = new Writer(kind, `text of ${kind.name}`);
  let text: number[] = [];
  const windows: Int32Array[] = [];
  while (windows.length < count) {
    while (text.length < length) text.push(...writer.document());
    windows.push(Int32Array.from(text.slice(0, length)));
    text = text.slice(length - 1);
  }
  return windows;
}

/** Batches of whole windows in a seeded order, epoch after epoch. */
export function batchOrder(windows: readonly Int32Array[], batch: number, seed: string): () => Int32Array[] {
  const random = new Random(`order ${seed}`);
  let order: number[] = [];
  return () => {
    const chosen: Int32Array[] = [];
    while (chosen.length < batch) {
      if (order.length === 0) order = random.permutation(windows.length);
      chosen.push(windows[order.pop()!]!);
    }
    return chosen;
  };
}
