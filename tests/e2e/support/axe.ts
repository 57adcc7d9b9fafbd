import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** WCAG 2.2 AA by axe, without exceptions: there is no list of allowed violations. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The rules about colours, by far the slowest. */
const colours = ["color-contrast", "link-in-text-block"];

/** What axe finds on this page as it stands: by all rules, by those about colours, or by all others. */
export async function violationsOf(
  page: Page,
  rules: "all" | "colours" | "others" = "all",
): Promise<readonly string[]> {
  // No page has frames, and only violations are told: axe need neither open a page of its own nor carry the rest over.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  if (rules === "colours") axe.withRules(colours);
  else axe.withTags(tags);
  if (rules === "others") axe.disableRules(colours);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

export const expectAccessible = async (page: Page): Promise<void> =>
  expect(await violationsOf(page)).toEqual([]);
