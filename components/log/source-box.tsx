import { CopyButton } from "@/components/marks/copy-button";

interface SourceBoxProps {
  readonly text: string;
  readonly label: string;
  /** Words of a button that copies it */
  readonly copy?: { readonly label: string; readonly doneLabel: string };
}

/** Code or data with its own lines, scrolling by itself. */
export function SourceBox({ text, label, copy }: SourceBoxProps) {
  return (
    <div className="source-box">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, a section would be one more landmark */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="group" className="source-lines" tabIndex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </div>
      {copy ? <CopyButton value={text} {...copy} /> : null}
    </div>
  );
}
