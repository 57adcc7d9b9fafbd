import type { ReactNode } from "react";
import { Time } from "@/components/marks/time";

export interface Slip {
  /** Anchor on the page */
  readonly id: string;
  /** A moment (a Date or its ISO text), or a date as its source gives it */
  readonly at: Date | string | { readonly text: string };
  readonly title: ReactNode;
  readonly body?: ReactNode;
  /** Who, source, entry in the log */
  readonly proof?: ReactNode;
  /** Not happened yet: what comes next and when */
  readonly next?: boolean;
}

/** A timeline: slips tied in order, each one line that cannot be moved without showing. */
export function Slips({ slips, label }: { readonly slips: readonly Slip[]; readonly label: string }) {
  return (
    <ol className="slips" aria-label={label}>
      {slips.map((slip) => (
        <li key={slip.id} id={slip.id} className={slip.next ? "slip slip-next" : "slip"}>
          <div className="slip-when tabular">
            {typeof slip.at === "string" || slip.at instanceof Date ? (
              <Time at={slip.at} relative={slip.next === true} />
            ) : (
              slip.at.text
            )}
          </div>
          <div className="slip-what">
            <div>{slip.title}</div>
            {slip.body ? <div className="entry-note">{slip.body}</div> : null}
            {slip.proof ? <div className="note">{slip.proof}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
