import { useLocale, useTranslations } from "next-intl";
import { Distribution } from "@/components/figures/distribution";

interface HitsProps {
  /** Of the suspect. */
  readonly hits: number;
  readonly original: number;
  readonly references: readonly { readonly name: string; readonly hits: number }[];
  /** Committed items, and the fewest options of one of them. */
  readonly items: number;
  readonly options: number;
  readonly name: string;
}

interface Chances {
  /** The number of hits that the first chance belongs to. */
  readonly from: number;
  readonly chances: readonly number[];
}

const least = 1e-13;

/**
 * The binomial P(X = k) of hits by chance among items with so many options each: outwards from its peak, each from its
 * neighbour, until too thin to be drawn; then made to sum to one.
 */
export function chanceOfHits(items: number, options: number): Chances {
  const odds = 1 / (options - 1);
  const peak = Math.min(items, Math.floor((items + 1) / options));
  const up = [1];
  for (let k = peak; k < items && (up.at(-1) ?? 0) > least; k += 1)
    up.push(((up.at(-1) ?? 0) * (items - k) * odds) / (k + 1));
  const down: number[] = [];
  for (let k = peak, chance = 1; k > 0 && chance > least; k -= 1) {
    chance = (chance * k) / ((items - k + 1) * odds);
    down.push(chance);
  }
  const all = [...down.reverse(), ...up];
  const sum = all.reduce((total, chance) => total + chance, 0);
  return { from: peak - down.length, chances: all.map((chance) => chance / sum) };
}

/** How many drawn labels were given, on the distribution that chance would give. */
export function Hits({ hits, original, references, items, options, name }: HitsProps) {
  const t = useTranslations("canaries.judgement");
  const locale = useLocale();
  const { from, chances } = chanceOfHits(items, options);
  const most = Math.max(0, ...references.map((one) => one.hits));
  const seen = chances
    .map((chance, at) => [from + at, chance] as const)
    .filter(([, chance]) => chance > 1e-6);
  return (
    <Distribution
      title={t("hitsTitle")}
      caption={t("hitsCaption", {
        hits,
        items,
        expected: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(items / options),
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
