import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ring, Shape } from "@/components/marks/shapes";
import type { Mark } from "@/lib/engine/canary/judge";

/** The marks of a judgement, and "same-wrong" for both sides of a shared mistake. */
export type AnswerMarkCode = Mark | "same-wrong";

const dashed = <circle cx="8" cy="8" r="6.2" strokeDasharray="2.2 1.7" />;

const shapes: Readonly<Record<AnswerMarkCode, ReactNode>> = {
  right: (
    <>
      {ring}
      <path d="M5 8.3l2.2 2.2L11.2 6" />
    </>
  ),
  wrong: (
    <>
      {ring}
      <path d="M3.6 12.4l8.8-8.8" />
    </>
  ),
  "same-wrong": (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" fill="currentColor" />
      <path d="M4.5 6.2h7M4.5 9.8h7" stroke="var(--paper)" />
    </>
  ),
  blank: dashed,
  unstable: <path d="M1.5 8c2.2-6 4.4-6 6.5 0s4.3 6 6.5 0" />,
  unrevealed: (
    <>
      <rect x="2" y="3.5" width="12" height="9.5" />
      <path d="M2 4l6 5 6-5" />
    </>
  ),
  invalid: (
    <>
      <rect x="2" y="3.5" width="12" height="9.5" />
      <path d="M5.4 5.6l5.2 5.2M10.6 5.6l-5.2 5.2" />
    </>
  ),
};

/** How an answer stands: a shape and a word. No colour says anything. */
export function AnswerMark({ mark }: { readonly mark: AnswerMarkCode }) {
  const t = useTranslations("canaries.judgement.mark");
  return (
    <span className="mark answer-mark" data-mark={mark}>
      <Shape>{shapes[mark]}</Shape>
      <span>{t(mark)}</span>
    </span>
  );
}
