import { useLocale, useTranslations } from "next-intl";
import { CopyButton } from "@/components/marks/copy-button";
import { Hash } from "@/components/marks/hash";
import { formatSize } from "@/components/marks/size";
import type { RunResultDto } from "@/lib/verification";

/** Digest, program, capsule, and the exact lines a stranger types. */
export function Reproduce({ runId, result }: { readonly runId: string; readonly result: RunResultDto }) {
  const t = useTranslations("result.reproduce");
  const locale = useLocale();
  const { reproduce } = result;
  return (
    <section className="section" aria-labelledby="reproduce">
      <h2 id="reproduce">{t("title")}</h2>
      <div className="row">
        <div className="stack">
          <p>{t("text")}</p>
          <Command name={t("repositories")} lines={[reproduce.fetchEngine, reproduce.fromRepositories]} />
          <Command name={t("fromCapsule")} lines={[reproduce.fetchEngine, reproduce.fromCapsule]} />
          <Command name={t("inClone")} lines={[reproduce.inClone]} />
        </div>
        <dl className="row-margin margin-facts">
          <dt>{t("digest")}</dt>
          <dd>
            <Hash value={result.digest} />
          </dd>
          <dt>{t("build")}</dt>
          <dd>
            <Hash value={result.build.sha256} />
          </dd>
          <dt>{t("capsule")}</dt>
          <dd>
            {t.rich("capsuleLine", {
              size: formatSize(result.capsule.size, locale),
              a: (text) => <a href={result.capsule.path}>{text}</a>,
            })}
            <Hash value={result.capsule.sha256} />
          </dd>
          <dt>JSON</dt>
          <dd>
            <a href={`/api/v1/runs/${runId}/result`}>{t("json")}</a>
          </dd>
        </dl>
      </div>
    </section>
  );
}

function Command({ name, lines }: { readonly name: string; readonly lines: readonly string[] }) {
  const t = useTranslations("common.hash");
  const text = lines.join("\n");
  return (
    <div>
      <h3 className="kicker">
        {name}
        <CopyButton value={text} label={t("copy")} doneLabel={t("copied")} />
      </h3>
      <pre className="command">{text}</pre>
    </div>
  );
}
