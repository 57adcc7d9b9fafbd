/**
 * Program texts for `npm run bench:code-speed`: Python of about 10 kB a file, drawn from the statements, expressions
 * and signatures that repositories have (classes with methods, calls with keywords, comprehensions, errors handled,
 * files opened, docstrings, annotations), each as often as it roughly is there. Names are of two or three words and
 * belong to their file; literals are the file's own. Measured against 2,000 files of installed Python packages, in two
 * releases of 11 MB: 36 % of a release's runs of twelve symbols are in the other one too, here as there; runs that are
 * seldom enough to meet every counterpart give 1.5 million pairs here, 0.7 million there.
 */
import { SeededStream } from "@/lib/engine/weights/sample-seed";

const words = (
  "add apply array attr axis backend base batch block buffer build cache call check chunk client code column " +
  "compute config context copy count cursor data date default delta device dict digest dtype edge encode entry error " +
  "event expand extra factory feature field file filter find flag format frame gain get graph group handle hash head " +
  "header hidden host index init input item iter join key kind label layer length level limit line link list load lock " +
  "log loss make map mask match matrix merge message meta method mode model module mount name node norm number object " +
  "offset open option order outer output owner pack page parent parse part patch path pattern point policy pool port " +
  "prefix process proxy query queue range rank rate read record reduce reset response result root route row rule run " +
  "sample scale schema scope score seed select send session set shape shard shift sign size slice slot sort source " +
  "split stack start state status step stop store stream string style table tag target task tensor text time token " +
  "total trace train tree type unit update url user value vector version view weight width window word worker write"
).split(" ");

/** One program text; what it is follows from the seed and its number. */
export function programText(seed: string, at: number): string {
  return new Program(new SeededStream(`slipmark/bench/code-speed/${seed}`, String(at))).text();
}

class Program {
  readonly #stream: SeededStream;
  readonly #names: readonly string[];

  constructor(stream: SeededStream) {
    this.#stream = stream;
    this.#names = Array.from({ length: 60 }, () => this.#words(1 + this.#below(3)).join("_"));
  }

  text(): string {
    let text = `"""${this.#remark()}"""\n${this.#some(2, 8, () => this.#import()).join("")}`;
    text += this.#some(0, 4, () => `\n${this.#name().toUpperCase()} = ${this.#value(1)}`).join("");
    while (text.length < 8_500) {
      text += this.#below(3) === 0 ? this.#class() : `\n\n${this.#function("")}`;
    }
    return text;
  }

  #below(limit: number): number {
    return this.#stream.below(limit);
  }

  #some<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.#below(most - least + 1) }, make);
  }

  #words(count: number): string[] {
    return Array.from({ length: count }, () => words[this.#below(words.length)] as string);
  }

  /** Few names of a file are used often, most of them seldom. */
  #name(): string {
    return this.#names[Math.min(this.#below(60), this.#below(60))] as string;
  }

  #typeName(): string {
    const parts = this.#words(2).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
    return ["int", "str", "float", "bool", "None", parts.join(""), `list[${parts[0]}]`][
      this.#below(7)
    ] as string;
  }

  #remark(): string {
    const remark = this.#words(4 + this.#below(12)).join(" ");
    return `${remark.charAt(0).toUpperCase()}${remark.slice(1)}.`;
  }

  #import(): string {
    const [from, what] = [this.#words(2).join("."), this.#name()];
    return this.#below(2) === 0 ? `import ${from}\n` : `from ${from} import ${what}\n`;
  }

  /** By weight: the first of `choices` whose share of the whole is reached. */
  #one(choices: readonly (readonly [number, () => string])[]): string {
    let left = this.#below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of choices) {
      left -= weight;
      if (left < 0) return make();
    }
    return "None";
  }

  #literal(): string {
    return this.#one([
      [4, () => String(this.#below(5))],
      [2, () => String(this.#below(4_096))],
      [1, () => `${this.#below(10)}.${this.#below(1_000)}`],
      [6, () => `"${this.#words(1 + this.#below(3)).join(this.#below(2) === 0 ? "_" : " ")}"`],
      [2, () => `f"${this.#words(2).join(" ")} {${this.#path()}}"`],
      [2, () => ["True", "False"][this.#below(2)] as string],
      [2, () => "None"],
    ]);
  }

  #path(): string {
    return this.#one([
      [9, () => this.#name()],
      [4, () => `self.${this.#name()}`],
      [4, () => `${this.#name()}.${this.#name()}`],
      [1, () => `self.${this.#name()}.${this.#name()}`],
      [1, () => `${this.#name()}.${this.#name()}.${this.#name()}`],
    ]);
  }

  #argument(depth: number): string {
    return this.#one([
      [12, () => this.#value(depth + 1)],
      [4, () => `${this.#name()}=${this.#value(depth + 1)}`],
      [1, () => `*${this.#name()}`],
      [1, () => `**${this.#name()}`],
    ]);
  }

  #call(depth: number): string {
    const given = this.#some(0, this.#below(3) === 0 ? 5 : 2, () => this.#argument(depth));
    const rank = (argument: string) => (/^\*\*/.test(argument) ? 2 : /^(\w+=|\*)/.test(argument) ? 1 : 0);
    return `${this.#path()}(${given.sort((x, y) => rank(x) - rank(y)).join(", ")})`;
  }

  #list(depth: number, least: number, most: number): string {
    return this.#some(least, most, () => this.#value(depth + 1)).join(", ");
  }

  #value(depth: number): string {
    if (depth > 2) return this.#below(3) === 0 ? this.#literal() : this.#path();
    const next = () => this.#value(depth + 1);
    const operator = () => ["+", "-", "*", "/", "//", "%", "|", "&", "<<"][this.#below(9)] as string;
    return this.#one([
      [26, () => this.#path()],
      [16, () => this.#literal()],
      [24, () => this.#call(depth)],
      [3, () => `${this.#call(depth)}.${this.#name()}(${this.#list(depth, 0, 2)})`],
      [7, () => `${this.#path()} ${operator()} ${next()}`],
      [2, () => `(${next()} ${operator()} ${next()}) ${operator()} ${next()}`],
      [5, () => `${this.#path()}[${next()}]`],
      [2, () => `${this.#path()}[${next()}:${this.#below(2) === 0 ? "" : next()}]`],
      [1, () => `${this.#path()}[:, ${next()}]`],
      [2, () => `-${this.#path()}`],
      [3, () => `[${this.#list(depth, 0, 4)}]`],
      [3, () => `(${this.#list(depth, 2, 3)})`],
      [3, () => `{${this.#some(0, 4, () => `"${this.#words(1)[0]}": ${next()}`).join(", ")}}`],
      [2, () => `[${next()} for ${this.#targets()} in ${next()}]`],
      [1, () => `[${next()} for ${this.#name()} in ${next()} if ${this.#test(depth + 1)}]`],
      [1, () => `{${next()}: ${next()} for ${this.#targets()} in ${next()}}`],
      [1, () => `sum(${next()} for ${this.#name()} in ${next()})`],
      [2, () => `(${next()} if ${this.#test(depth + 1)} else ${next()})`],
      [1, () => `(lambda ${this.#name()}: ${next()})`],
      [2, () => `(${this.#path()} or ${next()})`],
    ]);
  }

  #test(depth: number): string {
    const compared = () => ["==", "!=", "<", ">", "<=", ">="][this.#below(6)] as string;
    return this.#one([
      [6, () => this.#path()],
      [5, () => `not ${this.#path()}`],
      [4, () => `${this.#path()} is None`],
      [3, () => `${this.#path()} is not None`],
      [8, () => `${this.#value(depth + 1)} ${compared()} ${this.#value(depth + 2)}`],
      [3, () => `${this.#path()} in ${this.#value(depth + 1)}`],
      [2, () => `${this.#literal()} not in ${this.#path()}`],
      [4, () => this.#call(depth + 1)],
      [3, () => `isinstance(${this.#path()}, ${this.#typeName()})`],
      [3, () => (depth > 2 ? this.#path() : `${this.#test(depth + 1)} and ${this.#test(depth + 1)}`)],
      [2, () => (depth > 2 ? this.#path() : `${this.#test(depth + 1)} or ${this.#test(depth + 1)}`)],
    ]);
  }

  #targets(): string {
    return this.#below(3) === 0 ? `${this.#name()}, ${this.#name()}` : this.#name();
  }

  #block(indent: string, depth: number, least = 1, most = 4): string {
    return this.#some(least, most, () => this.#statement(indent, depth)).join("");
  }

  #statement(indent: string, depth: number): string {
    const inner = `${indent}    `;
    const block = () => this.#block(inner, depth + 1);
    const nested = depth > 2 ? 0 : 1;
    return this.#one([
      [22, () => `${indent}${this.#path()} = ${this.#value(0)}\n`],
      [3, () => `${indent}${this.#name()}, ${this.#name()} = ${this.#value(0)}\n`],
      [2, () => `${indent}${this.#name()}: ${this.#typeName()} = ${this.#value(1)}\n`],
      [3, () => `${indent}${this.#path()}[${this.#value(2)}] = ${this.#value(1)}\n`],
      [3, () => `${indent}${this.#path()} ${["+", "-", "*", "|"][this.#below(4)]}= ${this.#value(1)}\n`],
      [16, () => `${indent}${this.#call(0)}\n`],
      [5, () => `${indent}# ${this.#remark()}\n${indent}${this.#path()} = ${this.#value(0)}\n`],
      [2, () => `${indent}assert ${this.#test(0)}, ${this.#literal()}\n`],
      [1, () => `${indent}del ${this.#path()}\n`],
      [2, () => `${indent}yield ${this.#value(1)}\n`],
      [nested * 12, () => `${indent}if ${this.#test(0)}:\n${block()}`],
      [nested * 4, () => `${indent}if ${this.#test(0)}:\n${block()}${indent}else:\n${block()}`],
      [
        nested * 2,
        () =>
          `${indent}if ${this.#test(0)}:\n${block()}${indent}elif ${this.#test(0)}:\n${block()}${indent}else:\n${block()}`,
      ],
      [
        nested * 4,
        () => `${indent}if ${this.#test(0)}:\n${inner}raise ${this.#words(1)[0]}_error(${this.#literal()})\n`,
      ],
      [nested * 3, () => `${indent}if ${this.#test(0)}:\n${inner}return ${this.#value(1)}\n`],
      [nested * 7, () => `${indent}for ${this.#targets()} in ${this.#value(1)}:\n${block()}`],
      [nested, () => `${indent}while ${this.#test(0)}:\n${block()}`],
      [nested * 2, () => `${indent}with ${this.#call(1)} as ${this.#name()}:\n${block()}`],
      [
        nested * 3,
        () => `${indent}try:\n${block()}${indent}except ${this.#typeName()} as ${this.#name()}:\n${block()}`,
      ],
      [nested, () => `${indent}try:\n${block()}${indent}finally:\n${block()}`],
    ]);
  }

  #function(indent: string, first?: string): string {
    const inner = `${indent}    `;
    const parameters = this.#some(0, 5, () => this.#name()).map((name, at) => {
      const annotation = this.#below(2) === 0 ? `: ${this.#typeName()}` : "";
      return at > 1 && this.#below(2) === 0
        ? `${name}${annotation}=${this.#literal()}`
        : `${name}${annotation}`;
    });
    const ordered = [
      ...parameters.filter((p) => !p.includes("=")),
      ...parameters.filter((p) => p.includes("=")),
    ];
    const given = [...(first === undefined ? [] : [first]), ...ordered].join(", ");
    const decorator = this.#below(6) === 0 ? `${indent}@${this.#name()}\n` : "";
    const remark = this.#below(2) === 0 ? `${inner}"""${this.#remark()}"""\n` : "";
    const returned = this.#below(3) === 0 ? "" : `${inner}return ${this.#value(0)}\n`;
    const body = this.#block(inner, 0, 1, this.#below(4) === 0 ? 9 : 4);
    return `${decorator}${indent}def ${this.#words(2).join("_")}(${given}):\n${remark}${body}${returned}`;
  }

  #class(): string {
    const name = this.#words(2).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
    const fields = this.#some(0, 4, () => `    ${this.#name()} = ${this.#value(1)}\n`).join("");
    const methods = this.#some(1, 4, () => `\n${this.#function("    ", "self")}`).join("");
    const remark = `    """${this.#remark()}"""\n`;
    return `\n\nclass ${name.join("")}(${this.#words(1)[0]}.${name[0]}):\n${remark}${fields}${methods}`;
  }
}
