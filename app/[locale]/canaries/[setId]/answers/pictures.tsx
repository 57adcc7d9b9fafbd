import { getTranslations } from "next-intl/server";
import { ActForm } from "@/components/forms/act-form";
import { handInPictures } from "./actions";
import type { PartProps } from "./fields";

/** The pictures that drawn items were rendered to, from the author's side: with them this site can ask, too. */
export async function Pictures({ set, forms }: PartProps) {
  const t = await getTranslations("canaries.answers");
  if (!set.may.original || !set.picturesMissing) return null;
  return (
    <section className="section stack" aria-labelledby="pictures">
      <h2 id="pictures">{t("picturesTitle")}</h2>
      <p className="measure">{t("picturesText", { missing: set.picturesMissing })}</p>
      <ActForm
        {...forms}
        action={handInPictures}
        id="pictures-form"
        prefix="pictures-"
        quiet
        button={t("pictures")}
        pendingLabel={t("uploading")}
        fields={[
          { kind: "hidden", name: "setId", value: set.setId },
          {
            kind: "file",
            name: "pictures",
            label: t("picturesFiles"),
            accept: "image/png,image/jpeg,image/webp",
            multiple: true,
          },
        ]}
      />
    </section>
  );
}
