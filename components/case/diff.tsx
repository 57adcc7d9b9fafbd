import type { DiffPart } from "@/lib/evidence/dto";

interface Props {
  readonly parts: readonly DiffPart[];
  readonly label: string;
  /** Said before each change to those who cannot see how it is marked */
  readonly removed: string;
  readonly added: string;
}

/** What changed between two versions of a text, in place. */
export function Diff({ parts, label, removed, added }: Props) {
  let position = 0;
  return (
    <figure className="stack-tight">
      <figcaption className="note">{label}</figcaption>
      <div className="diff">
        {parts.map((part) => {
          const key = `${position}-${part.kind}`;
          position += part.text.length;
          if (part.kind === "same") return <span key={key}>{part.text}</span>;
          const Mark = part.kind === "removed" ? "del" : "ins";
          return (
            <Mark key={key}>
              <span className="visually-hidden"> {part.kind === "removed" ? removed : added} </span>
              {part.text}
            </Mark>
          );
        })}
      </div>
    </figure>
  );
}
