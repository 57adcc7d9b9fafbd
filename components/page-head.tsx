import type { ReactNode } from "react";

interface PageHeadProps {
  readonly title: ReactNode;
  /** What the page belongs to, above the title */
  readonly kicker?: ReactNode;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHead({ title, kicker, lead, children }: PageHeadProps) {
  return (
    <header className="page-head">
      {kicker ? <p className="kicker">{kicker}</p> : null}
      <h1>{title}</h1>
      {lead ? <p className="lead">{lead}</p> : null}
      {children}
    </header>
  );
}
