"use client";

import { useEffect, useState } from "react";

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago, by the reader's own clock. */
export function RelativeTime({ iso, tag }: { readonly iso: string; readonly tag: string }) {
  const [text, setText] = useState("");
  useEffect(() => {
    const seconds = (Date.parse(iso) - Date.now()) / 1000;
    const format = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
    const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (["minute", 60] as const);
    setText(format.format(Math.round(seconds / length), unit));
  }, [iso, tag]);
  return <span className="relative">{text}</span>;
}
