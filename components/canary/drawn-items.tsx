import { useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import type { DrawnItemDto, SetPageDto } from "@/lib/canaries";
import { ItemImage } from "./item-image";

interface DrawnItemsProps {
  readonly set: SetPageDto;
  readonly items: readonly DrawnItemDto[];
}

/** What the public program has drawn, each with the picture that it was rendered to, as models are shown it. */
export function DrawnItems({ set, items }: DrawnItemsProps) {
  const t = useTranslations("canaries.set");
  return (
    <>
      {set.picturesMissing ? (
        <p className="measure">{t("drawnPicturesMissing", { missing: set.picturesMissing })}</p>
      ) : null}
      <TableBox label={t("drawn")} tall={items.length > 12}>
        <table data-cards>
          <caption>{t("drawnCaption", { shown: items.length, items: set.items })}</caption>
          <thead>
            <tr>
              <th scope="col" data-number>
                {t("itemNumber")}
              </th>
              <th scope="col">{t("itemId")}</th>
              <th scope="col">{t("drawnCharacter")}</th>
              <th scope="col">{t("drawnPicture")}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ index, id, answer, image }) => (
              <tr key={id}>
                <td data-number data-label={t("itemNumber")}>
                  {index}
                </td>
                <th scope="row">
                  <code>{id}</code>
                </th>
                <td data-label={t("drawnCharacter")} lang="zh">
                  {answer}
                </td>
                <td data-label={t("drawnPicture")}>
                  {image === null ? (
                    <span className="note">{t("drawnNoPicture")}</span>
                  ) : (
                    <ItemImage sha256={image.sha256} alt={t("itemImage", { id })} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <p>
        <a href={`/api/v1/canary-sets/${set.setId}/drawn`}>{t("drawnFile")}</a>
      </p>
    </>
  );
}
