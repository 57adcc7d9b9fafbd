import { useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import type { RevealedItemDto, SetPageDto } from "@/lib/canaries";
import type { CanaryItem } from "@/lib/engine/canary";
import { ItemImage } from "./item-image";

interface RevealedItemsProps {
  readonly set: SetPageDto;
  readonly items: readonly RevealedItemDto[];
}

/** What was revealed, in the words of its author. */
export function RevealedItems({ set, items }: RevealedItemsProps) {
  const t = useTranslations("canaries.set");
  const random = set.kind === "random-label";
  return (
    <>
      <TableBox label={t("reveals")} tall={items.length > 12}>
        <table data-cards>
          <caption>
            {t("itemsCaption", { shown: items.length, revealed: set.revealed, items: set.items })}
          </caption>
          <thead>
            <tr>
              <th scope="col" data-number>
                {t("itemNumber")}
              </th>
              <th scope="col">{t("itemId")}</th>
              <th scope="col">{t("itemText")}</th>
              <th scope="col">{random ? t("itemTarget") : t("itemAnswer")}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ index, opening, target, image }) => {
              const item = JSON.parse(opening.item) as CanaryItem;
              return (
                <tr key={index}>
                  <td data-number data-label={t("itemNumber")}>
                    {index}
                  </td>
                  <th scope="row">
                    <code>{item.id}</code>
                  </th>
                  <td data-label={t("itemText")}>
                    <span className="answer-text">{item.prompt}</span>
                    {image === null ? null : (
                      <ItemImage sha256={image} alt={t("itemImage", { id: item.id })} />
                    )}
                  </td>
                  <td data-label={random ? t("itemTarget") : t("itemAnswer")}>
                    <span className="answer-text">
                      {random
                        ? target === null
                          ? t("itemTargetUnknown")
                          : item.options?.[target]
                        : item.answer}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableBox>
      <p>
        <a href={`/api/v1/canary-sets/${set.setId}/openings`}>{t("openingsFile")}</a>
      </p>
    </>
  );
}
