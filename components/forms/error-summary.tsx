"use client";

import { useEffect, useRef } from "react";

interface ErrorSummaryProps {
  readonly title: string;
  /** `label` names the field, since several may have the same trouble; `field` is the name of the form field, or null for an error of the whole form */
  readonly errors: readonly {
    readonly field: string | null;
    readonly message: string;
    readonly label?: string;
  }[];
}

/** All that stands in the way, at the top, with links to the fields. Takes the focus when it appears. */
export function ErrorSummary({ title, errors }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  return (
    <div className="error-summary stack" role="alert" tabIndex={-1} ref={box}>
      <h2>{title}</h2>
      <ul>
        {errors.map(({ field, message, label }) => (
          <li key={`${field} ${message}`}>
            {field === null ? message : <a href={`#${field}`}>{label ?? message}</a>}
            {field !== null && label ? ` · ${message}` : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
