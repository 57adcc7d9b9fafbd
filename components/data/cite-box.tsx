import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/marks/copy-button";

interface CiteBoxProps {
  /** "BibTeX", "GB/T 7714", … with the ready text */
  readonly forms: readonly { readonly name: string; readonly text: string }[];
}

export function CiteBox({ forms }: CiteBoxProps) {
  const t = useTranslations("common");
  return (
    <section className="cite" aria-label={t("cite.title")}>
      {forms.map(({ name, text }) => (
        <div key={name}>
          <h3 className="kicker">
            {name}
            <CopyButton value={text} label={t("hash.copy")} doneLabel={t("hash.copied")} />
          </h3>
          <pre>{text}</pre>
        </div>
      ))}
    </section>
  );
}
