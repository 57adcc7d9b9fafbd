import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { Hash } from "@/components/marks/hash";
import type { ModelPageDto } from "@/lib/registry";

/** Facts of a list: the digest, and the document it is the digest of. */
export function Fingerprints({ fingerprints }: Pick<ModelPageDto, "fingerprints">) {
  const t = useTranslations("registry.model");
  return fingerprints.map(({ digest, document, schema }) => (
    <Fragment key={digest}>
      <dt>{t("fingerprint")}</dt>
      <dd>
        <Hash value={`sha256:${digest}`} />
        <p className="note">{t("fingerprintNote")}</p>
        <details>
          <summary>{t("document")}</summary>
          <p className="note">
            <code>{schema}</code>
          </p>
          <pre className="command">{document}</pre>
        </details>
      </dd>
    </Fragment>
  ));
}
