import { useLocale, useTranslations } from "next-intl";
import { Figure } from "@/components/figures/figure";
import { formatMoment } from "@/components/marks/time";
import type { Locale } from "@/i18n/locales";
import type { ChainStepDto } from "@/lib/canaries";

const width = 640;
const slip = 98;
const gap = 9;
const left = (width - 6 * slip - 5 * gap) / 2;
const top = 26;
const tall = 138;

type Stand = "ok" | "open" | "broken";

/** In order, still to come, or not proved to be in order. */
export function standOf({ ok, reason, index }: ChainStepDto): Stand {
  if (ok || reason === "not-needed") return "ok";
  return reason === "not-yet" || (reason === "not-logged" && index === null) ? "open" : "broken";
}

interface OrderChainProps {
  readonly steps: readonly ChainStepDto[];
  /** File name of the table. */
  readonly name: string;
  /** Whose answers the order is that of; left out where the page is about one suspect. */
  readonly of?: string;
}

/** Six slips tied in the order in which the steps have to come: what is out of order shows as a cut cord. */
export function OrderChain({ steps, name, of }: OrderChainProps) {
  const t = useTranslations("canaries.chain");
  const set = useTranslations("canaries.set");
  const locale = useLocale() as Locale;
  const stands = steps.map(standOf);
  const limits = stands.includes("broken")
    ? set("orderBroken")
    : stands.includes("open")
      ? set("orderNotYet")
      : undefined;
  const why = ({ reason, basis }: ChainStepDto) =>
    basis === null || reason === "our-word"
      ? t(`reasons.${reason}`)
      : `${t(`reasons.${reason}`)} (${t(`basis.${basis}`)})`;
  const when = (step: ChainStepDto) => (step.at === null ? "" : formatMoment(new Date(step.at), locale));
  return (
    <Figure
      title={of === undefined ? t("title") : t("titleOf", { name: of })}
      caption={set("orderCaption", { ok: stands.filter((stand) => stand === "ok").length })}
      limits={limits}
      description={t("description")}
      name={name}
      width={width}
      height={top + tall + 12}
      columns={[t("step"), t("stands"), t("at"), t("entry"), t("why")]}
      rows={steps.map((step, at) => [
        t(step.id),
        t(stands[at] ?? "open"),
        when(step) || "–",
        step.index === null ? "–" : String(step.index),
        why(step),
      ])}
    >
      {steps.map((step, at) => (
        <Slip
          key={step.id}
          step={step}
          stand={stands[at] ?? "open"}
          x={left + at * (slip + gap)}
          first={at === 0}
          words={{
            name: t(step.id),
            stand: step.reason === "not-needed" ? t("notNeeded") : t(stands[at] ?? "open"),
            entry: step.index === null ? "" : t("entryOf", { index: step.index }),
            when: step.at === null ? [] : shortMoment(new Date(step.at), locale),
          }}
        />
      ))}
    </Figure>
  );
}

interface SlipProps {
  readonly step: ChainStepDto;
  readonly stand: Stand;
  readonly x: number;
  readonly first: boolean;
  readonly words: {
    readonly name: string;
    readonly stand: string;
    readonly entry: string;
    readonly when: readonly string[];
  };
}

function Slip({ stand, x, first, words }: SlipProps) {
  const y = stand === "broken" ? top + 12 : top;
  const cords = [top + 14, top + tall - 14];
  const [line = "", second = ""] = cut(words.name, 12);
  const lines = [line, second, ...words.when, words.entry];
  return (
    <g className="chain-slip" data-stand={stand}>
      {first
        ? null
        : cords.map((cord) =>
            stand === "broken" ? (
              <path
                key={cord}
                className="cord"
                d={`M${x - gap} ${cord}h4M${x - 4} ${cord + 12}h4M${x - gap + 3} ${cord + 5}l5 -9`}
              />
            ) : (
              <line key={cord} className="cord" x1={x - gap} x2={x} y1={cord} y2={cord} />
            ),
          )}
      <rect x={x + 0.5} y={y + 0.5} width={slip - 1} height={tall - 1} />
      <text className="head" x={x + 8} y={y - 8}>
        {words.stand}
      </text>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one label, in their order
        <text key={at} className={at < 2 ? "head" : "tick"} x={x + 8} y={y + 32 + at * 17 + (at > 1 ? 6 : 0)}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** Day and time in lines that a slip has room for. */
function shortMoment(date: Date, locale: Locale): readonly string[] {
  const clock = `${date.toISOString().slice(11, 16)} UTC`;
  if (locale === "zh")
    return [`${date.getUTCFullYear()}年`, `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`, clock];
  return [formatMoment(date, locale, true), clock];
}

/** A label in lines of so many Latin characters; a Chinese one counts for two. */
export function cut(text: string, room: number): string[] {
  const parts = text.match(/[\p{Script=Han}，（）：、]|[^\s\p{Script=Han}，（）：、]+|\s+/gu) ?? [];
  const size = (part: string) =>
    [...part].reduce((sum, one) => sum + (/[\p{Script=Han}，（）：、]/u.test(one) ? 2 : 1), 0);
  const lines = [""];
  for (const part of parts) {
    const now = lines.at(-1) ?? "";
    if (now !== "" && size(now + part.trimEnd()) > room) lines.push(part.trim());
    else lines[lines.length - 1] = now + part;
  }
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}
