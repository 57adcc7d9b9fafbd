import type { ReactNode } from "react";

interface TableBoxProps {
  /** Names the scrolling region for those who reach it by keyboard */
  readonly label: string;
  readonly tall?: boolean;
  readonly children: ReactNode;
}

/** Frame of a table that may be wider or taller than the page: scrolls by itself, head in sight. */
export function TableBox({ label, tall = false, children }: TableBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, a section would be one more landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div role="group" className="table-box" data-tall={tall || undefined} tabIndex={0} aria-label={label}>
      {children}
    </div>
  );
}
