import type { Trouble } from "./trouble";

/** A refusal in the reader's language; what exactly it was stands below as the engine says it. */
export function TroubleNote({ title, trouble }: { readonly title: string; readonly trouble: Trouble }) {
  return (
    <div className="error-summary stack" role="alert">
      <h3>{title}</h3>
      <p>{trouble.sentence}</p>
      {trouble.detail === null ? null : (
        <p className="note" lang="en">
          {trouble.detail}
        </p>
      )}
    </div>
  );
}
