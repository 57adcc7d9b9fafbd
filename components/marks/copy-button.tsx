"use client";

import { useEffect, useState } from "react";

interface CopyButtonProps {
  readonly value: string;
  readonly label: string;
  readonly doneLabel: string;
}

/** Appears only where scripts run: without them the value beside it can be selected as a whole. */
export function CopyButton({ value, label, doneLabel }: CopyButtonProps) {
  const [state, setState] = useState<"absent" | "ready" | "done">("absent");
  useEffect(() => {
    if (navigator.clipboard) setState("ready");
  }, []);
  if (state === "absent") return null;
  return (
    <button
      type="button"
      className="text-button copy"
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => setState("done"),
          () => undefined,
        );
      }}
    >
      <span aria-live="polite">{state === "done" ? doneLabel : label}</span>
    </button>
  );
}
