"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";

interface SubmitButtonProps {
  /** Names the act: "Register this release" */
  readonly children: ReactNode;
  /** Shown while the act is under way */
  readonly pendingLabel?: string;
  readonly quiet?: boolean;
  readonly name?: string;
  readonly value?: string;
}

/** The button of a form. While the form is on its way it says so and does not send again. */
export function SubmitButton({ children, pendingLabel, quiet = false, name, value }: SubmitButtonProps) {
  const { pending } = useFormStatus();
  return (
    <button
      type="submit"
      name={name}
      value={value}
      className={quiet ? "button quiet" : "button"}
      aria-disabled={pending || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault();
      }}
    >
      {pending && pendingLabel ? pendingLabel : children}
    </button>
  );
}
