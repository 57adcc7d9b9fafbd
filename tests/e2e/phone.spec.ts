import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { publicPages } from "./support/public-pages";

test.describe.configure({ timeout: 180_000 });

/** What sticks out of the window sideways. Tables and code may scroll inside a box of their own. */
const widest = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const culprit = [...document.querySelectorAll("body *")].find(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return `${scrollWidth} > ${clientWidth}: ${culprit?.outerHTML.slice(0, 120)}`;
  });

test("no page is wider than a phone, or than 320 px", async ({ asReader: page, database }) => {
  const phone = page.viewportSize() ?? { width: 412, height: 839 };
  const found: string[] = [];
  for (const [what, path] of Object.entries(await publicPages(database))) {
    for (const locale of ["en", "zh"]) {
      await page.setViewportSize(phone);
      await page.goto(`/${locale}${path}`);
      for (const width of [phone.width, 320]) {
        await page.setViewportSize({ ...phone, width });
        const wide = await widest(page);
        if (wide !== null) found.push(`${what} (${locale}, ${width} px): ${wide}`);
      }
    }
  }
  expect(found).toEqual([]);
});

test("the main acts are within reach", async ({ asReader: page, database }) => {
  const { case: open = "", run = "" } = await publicPages(database);
  await page.goto("/en");
  await expect(page.getByRole("button", { name: "Compare these two releases" })).toBeVisible();
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Cases" }).tap();
  await expect(page).toHaveURL(/\/en\/cases$/);
  await page.getByRole("link", { name: "中文" }).tap();
  await expect(page).toHaveURL(/\/zh\/cases$/);
  await page.getByRole("link", { name: "登录" }).tap();
  await expect(page).toHaveURL(/\/zh\/sign-in/);

  await page.goto(`/en${open}`);
  await page.getByRole("link", { name: "Take part in this case" }).tap();
  await expect(page).toHaveURL(/\/take-part$/);
  await page.goto(`/en${run}`);
  await expect(page.getByRole("link", { name: "Download the capsule" })).toBeVisible();
});
