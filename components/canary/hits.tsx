import { useLocale, useTranslations } from "next-intl";
import { Distribution } from "@/components/figures/distribution";

interface HitsProps {
  /** Of the suspect. */
  readonly hits: number;
  readonly original: number;
  readonly references: readonly { readonly name: string; readonly hits: number }[];
  /** How many options each committed item has. */
  readonly options: readonly number[];
  readonly name: string;
}

interface Chances {
  /** The number of hits that the first chance belongs to. */
  readonly from: number;
  readonly chances: readonly number[];
}

const least = 1e-12;

/** P(X = k) of the number of hits by chance. Both tails are dropped where they are too thin to be drawn. */
export function chanceOfHits(options: readonly number[]): Chances {
  let from = 0;
  let chances = [1];
  for (const count of options) {
    const hit = 1 / count;
    const next = new Array<number>(chances.length + 1).fill(0);
    chances.forEach((chance, k) => {
      next[k] = (next[k] ?? 0) + chance * (1 - hit);
      next[k + 1] = (next[k + 1] ?? 0) + chance * hit;
    });
    while (next.length > 1 && (next.at(-1) ?? 0) < least) next.pop();
    const thick = Math.max(
      0,
      next.findIndex((chance) => chance >= least),
    );
    from += thick;
    chances = next.slice(thick);
  }
  return { from, chances };
}

/** How many drawn labels were given, on the distribution that chance would give. */
export function Hits({ hits, original, references, options, name }: HitsProps) {
  const t = useTranslations("canaries.judgement");
  const locale = useLocale();
  const { from, chances } = chanceOfHits(options);
  const expected = options.reduce((sum, count) => sum + 1 / count, 0);
  const most = Math.max(0, ...references.map((one) => one.hits));
  const seen = chances
    .map((chance, at) => [from + at, chance] as const)
    .filter(([, chance]) => chance > 1e-6);
  return (
    <Distribution
      title={t("hitsTitle")}
      caption={t("hitsCaption", {
        hits,
        items: options.length,
        expected: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(expected),
      })}
      limits={t("hitsLimits")}
      description={t("hitsDescription")}
      name={name}
      bars={seen.map(([k, chance]) => [Math.max(0, k - 0.5), k + 0.5, chance])}
      barsLabel={t("hitsBars")}
      marks={[
        { value: hits, label: t("hitsMark", { hits }) },
        { value: original, label: t("hitsOriginal", { hits: original }) },
        ...(references.length === 0 ? [] : [{ value: most, label: t("hitsReferences", { hits: most }) }]),
      ]}
      xName={t("hitsX")}
    />
  );
}
