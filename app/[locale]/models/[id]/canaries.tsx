import { useTranslations } from "next-intl";
import { SetEntry } from "@/components/canary/set-entry";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { SetRowDto } from "@/lib/canaries";

interface CanariesProps {
  readonly modelId: string;
  /** All sets of the registrant, whichever model they were trained into. */
  readonly sets: readonly SetRowDto[];
}

/**
 * The sets that were trained into this model, and every other set of its registrant that is still sealed: what was
 * committed stays listed, whether it suits its author or not.
 */
export function Canaries({ modelId, sets }: CanariesProps) {
  const t = useTranslations("canaries.model");
  const own = sets.filter(({ model }) => model?.id === modelId);
  const sealed = sets.filter(({ model, state }) => model?.id !== modelId && state !== "revealed");
  return (
    <>
      {own.length === 0 ? (
        <Empty title={t("none")} level={3}>
          <p>{t("noneText")}</p>
          <p>
            <PageLink href="/canaries/new">{t("commit")}</PageLink>
          </p>
        </Empty>
      ) : (
        <ol className="entries">
          {own.map((set) => (
            <SetEntry key={set.setId} set={set} />
          ))}
        </ol>
      )}
      {sealed.length === 0 ? null : (
        <>
          <h3>{t("unrevealed")}</h3>
          <p className="note measure">{t("unrevealedText")}</p>
          <ol className="entries">
            {sealed.map((set) => (
              <SetEntry key={set.setId} set={set} />
            ))}
          </ol>
        </>
      )}
      {sets[0] === undefined ? null : (
        <p>
          <PageLink href={`/canaries?owner=${sets[0].ownerId}`}>{t("ofAuthor")}</PageLink>
        </p>
      )}
    </>
  );
}
