import { useLocale, useTranslations } from "next-intl";
import { LogSeal } from "@/components/marks/log-seal";
import { Time } from "@/components/marks/time";
import { PageLink } from "@/components/page-link";
import type { EntryLine, ProofState } from "@/lib/ledger";
import { RedactionNote } from "./redaction-note";

/** What vouches for an entry, as a key of the messages "log.line". */
export function stateWord(
  proof: ProofState,
): "waiting" | "logged" | "witnessed" | "timestamped" | "anchored" | "redacted" {
  if (proof.state !== "logged") return proof.state;
  if (proof.witnessed && proof.timestamped) return "anchored";
  if (proof.witnessed) return "witnessed";
  return proof.timestamped ? "timestamped" : "logged";
}

interface EntryNoteProps {
  readonly line: Pick<EntryLine, "t" | "proof" | "redaction">;
  /** Leaves out the time where it stands beside it already. */
  readonly bare?: boolean;
}

/** The quiet line of one public act: "Entry 1,234 · date · in the log · proof". */
export function EntryNote({ line, bare = false }: EntryNoteProps) {
  const t = useTranslations("log.line");
  const { proof } = line;
  return (
    <span className="entry-line" data-state={proof.state}>
      {proof.state === "waiting" ? (
        <span>{t("waiting")}</span>
      ) : (
        <PageLink href={`/log/entries/${proof.index}`}>{t("entry", { index: proof.index })}</PageLink>
      )}
      {bare ? null : <Time at={line.t} />}
      {line.redaction ? <RedactionNote redaction={line.redaction} /> : null}
      {proof.state === "waiting" ? null : (
        <>
          <span>{t(stateWord(proof))}</span>
          <BundleLink index={proof.index} />
        </>
      )}
    </span>
  );
}

function BundleLink({ index }: { readonly index: number }) {
  const t = useTranslations("log.line");
  return (
    <a href={`/api/v1/entries/${index}/bundle.zip`} aria-label={t("bundleOf", { index })}>
      {t("bundle")}
    </a>
  );
}

/** All entries about a page, under one seal; folded when there are many. */
export function EntryList({ lines }: { readonly lines: readonly EntryLine[] }) {
  const t = useTranslations("log");
  const locale = useLocale();
  const [first] = lines.flatMap(({ proof }) => (proof.state === "waiting" ? [] : [proof.index]));
  if (lines.length === 0) return null;
  const list = (
    <ul className="plain-list stack-tight entry-lines">
      {lines.map((line) => (
        <li key={line.dedupKey}>
          <span className="entry-kind">{t(`kinds.${line.kind as "register"}`)}</span>{" "}
          <EntryNote line={line} />
        </li>
      ))}
    </ul>
  );
  return (
    <div className="stack-tight stack">
      {first === undefined ? (
        <LogSeal state="waiting" />
      ) : (
        <LogSeal state="sealed" href={`/${locale}/log/entries/${first}`} />
      )}
      {lines.length > 6 ? (
        <details className="more">
          <summary>{t("line.all", { count: lines.length })}</summary>
          {list}
        </details>
      ) : (
        list
      )}
    </div>
  );
}
