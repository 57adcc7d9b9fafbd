import { type OidcPeer, startOidc } from "../support/oidc";
import { type SmtpPeer, startSmtp } from "../support/smtp";
import { expect, test } from "./support/fixtures";
import { given, oidcClient } from "./support/peers";

test.describe.configure({ mode: "serial" });

let smtp: SmtpPeer;
let oidc: OidcPeer;

test.beforeAll(async () => {
  smtp = await startSmtp(Number(given("SMTP_PORT")));
  oidc = await startOidc(
    {
      ...oidcClient,
      redirectUris: ["oidc", "huggingface"].map((id) => `${given("ORIGIN")}/api/auth/callback/${id}`),
    },
    Number(given("OIDC_PORT")),
  );
});

test.afterAll(async () => {
  await smtp.close();
  await oidc.close();
});

test("a link by e-mail, asked for and used without scripts, works once", async ({ asPlainReader: page }) => {
  await page.goto("/zh/sign-in?next=/zh/models");
  await page.getByLabel("电子邮件地址").fill("night.reader@people.example");
  await page.getByRole("button", { name: "寄给我登录链接" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("请查看邮箱");

  const mail = await smtp.newest("night.reader@people.example");
  const link = /https?:\/\/\S+/.exec(mail.text ?? "")![0];
  expect(mail.subject).toContain("登录");
  // A mail scanner opens the link first.
  await page.request.get(link);
  await page.goto(link);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page).toHaveURL(/\/zh\/models$/);

  await page.goto("/zh/account");
  await expect(page.getByText("night.reader@people.example")).toBeVisible();
  await expect(page.getByLabel("名称或化名")).toHaveValue(/^reader-[a-z]{5}$/);

  await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toContainText("这个链接已经用过");
});

test("the same by keyboard and script, then a new name, then deletion", async ({ asReader: page }) => {
  await page.goto("/en/sign-in");
  await page.getByLabel("E-mail address").fill("Someone@People.example");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look into your mailbox");
  const mail = await smtp.newest("someone@people.example");
  await page.goto(/https?:\/\/\S+/.exec(mail.text ?? "")![0]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.goto("/en/account");

  const name = page.getByLabel("Name or pseudonym");
  await name.fill("x");
  await page.getByRole("button", { name: "Save this name" }).click();
  await expect(page.getByText("Give a name of 2 to 40 characters.")).toBeVisible();
  await expect(name).toHaveValue("x");
  await name.fill("Slip reader 简");
  await page.getByRole("button", { name: "Save this name" }).click();
  await expect(page.getByText("The name was saved.")).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Slip reader 简");

  await page.getByLabel(/to confirm/).fill("delete");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByText("The account was deleted.")).toBeVisible();
  await page.goto("/en/account");
  await expect(page).toHaveURL(/\/en\/sign-in/);
});

test("an OpenID Connect issuer signs in under a pseudonym, and its identity is listed", async ({
  asReader: page,
}) => {
  await page.goto("/en/sign-in?next=/en/account");
  await page.getByRole("button", { name: "Continue with Test Institute" }).click();
  await page.waitForURL(`${oidc.issuer}/**`);
  await page.locator("input[name=login]").fill("kingfisher");
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
  await page.waitForURL(/\/en\/account/);
  await expect(page.getByLabel("Name or pseudonym")).toHaveValue(/^reader-[a-z]{5}$/);
  await expect(page.getByRole("row", { name: /Test Institute kingfisher/ })).toBeVisible();
  await expect(page.getByText("Legal Name of")).toHaveCount(0);
});

test("Hugging Face signs in by the same protocol, with state, nonce and PKCE", async ({ asReader: page }) => {
  await page.goto("/zh/sign-in?next=/zh/account");
  const asked = page.waitForRequest((request) => request.url().startsWith(`${oidc.issuer}/auth`));
  await page.getByRole("button", { name: /Hugging Face/ }).click();
  const search = new URL((await asked).url()).searchParams;
  for (const name of ["state", "nonce", "code_challenge"]) expect(search.get(name), name).toBeTruthy();
  expect(search.get("scope")).toBe("openid profile email");
  await page.locator("input[name=login]").fill("heron");
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
  await page.waitForURL(/\/zh\/account/);
  await expect(page.getByRole("row", { name: /Hugging Face heron/ })).toBeVisible();
});

test("a redirect after sign-in never leaves the site", async ({ asReader: page }) => {
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
    await page.goto(`/en/sign-in?next=${encodeURIComponent(next)}`);
    const value = await page.locator("form input[name=callbackUrl]").first().inputValue();
    expect(new URL(value, given("ORIGIN")).origin).toBe(given("ORIGIN"));
  }
});

test("the form refuses a post from another site", async ({ request }) => {
  const answer = await request.post(`${given("ORIGIN")}/api/sign-in`, {
    form: { provider: "email", email: "victim@people.example" },
    headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  });
  expect(answer.status()).toBe(403);
});

test("the one-time link makes its opener administrator, once", async ({ asReader: page, asPlainReader }) => {
  const path = given("SETUP_PATH");
  await page.goto(`/en${path}`);
  await page.getByLabel("Name or pseudonym").fill("Keeper of this instance");
  await page.getByLabel("E-mail address").fill("keeper@people.example");
  await page.getByRole("button", { name: "Become the administrator" }).click();
  await page.waitForURL(/\/en\/account/);
  await expect(page.getByText("Administrator")).toBeVisible();
  await asPlainReader.goto(`/en${path}`);
  await expect(asPlainReader.getByText("This link has been used or replaced.")).toBeVisible();
});
