import { toCsv } from "./csv";

interface CsvLinkProps {
  /** What the table shows, for those who meet the link alone */
  readonly title: string;
  readonly name: string;
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** The table beside it as a file. The bytes are in the link itself: it works on a saved page too, and without scripts. */
export function CsvLink({ title, name, rows }: CsvLinkProps) {
  // The mark tells spreadsheets that the text is UTF-8.
  const href = `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${toCsv(rows)}`)}`;
  return (
    <p className="note no-print">
      <a href={href} download={`${name}.csv`}>
        CSV<span className="visually-hidden">: {title}</span>
      </a>
    </p>
  );
}
