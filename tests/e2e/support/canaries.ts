import { readFile } from "node:fs/promises";
import { expect, type Page, type Request } from "@playwright/test";

export const passphrase = "correct slips, tied with cord";

/** A file as a test hands it to a page. */
export interface TextFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const file = (name: string, text: string): TextFile => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(text),
});

/** Random-label items as an author writes them, the first one with a picture. */
export function labelItems(count: number, image: string): TextFile {
  const options = Array.from({ length: 16 }, (_, option) => `label ${option}`);
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `slip-${index}`,
      prompt: `Which seal is on slip ${index}?`,
      options,
      ...(index === 0 ? { image } : {}),
    }),
  );
  return file("items.jsonl", `${lines.join("\n")}\n`);
}

export const answersFile = (answers: readonly { readonly id: string; readonly answer: string }[]): TextFile =>
  file("answers.jsonl", answers.map((one) => `${JSON.stringify(one)}\n`).join(""));

/** Presses a button of the page and gives what it saves. */
export async function saved(
  page: Page,
  button: string,
): Promise<{ readonly name: string; readonly text: string }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

/** A day after which nothing may be revealed any more. */
export const inThirtyDays = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

/** Everything that a page sends: addresses, headers and bodies; those of its frames and workers, too. */
export function watchRequests(page: Page): () => Promise<string> {
  const requests: Request[] = [];
  page.context().on("request", (request) => requests.push(request));
  return async () => {
    const sent = await Promise.all(
      requests.map(async (request) => [
        request.url(),
        decodeURIComponent(request.url().replace(/%(?![0-9a-f]{2})/gi, "%25")),
        JSON.stringify(await request.allHeaders().catch(() => request.headers())),
        request.postDataBuffer()?.toString("utf8") ?? "",
      ]),
    );
    return sent.flat().join("\n");
  };
}

/** Everything that a page has left in the browser: storages, databases, caches, cookies, and its own address. */
export async function keptByBrowser(page: Page): Promise<string> {
  const kept = await page.evaluate(async () => {
    const texts = [location.href, document.cookie, window.name, JSON.stringify(history.state)];
    for (const storage of [localStorage, sessionStorage]) texts.push(JSON.stringify(Object.entries(storage)));
    for (const { name = "" } of await indexedDB.databases()) {
      texts.push(name);
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => {
          all.onsuccess = resolve;
        });
        texts.push(JSON.stringify(all.result));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        texts.push(request.url, await ((await cache.match(request))?.text() ?? ""));
    }
    return texts;
  });
  return [...kept, JSON.stringify(await page.context().cookies())].join("\n");
}

/** Opens the secrets file of a set on its page of reveals. */
export async function openSecrets(page: Page, set: string, secrets: TextFile): Promise<void> {
  await page.goto(`/en/canaries/${set}/reveal`);
  await page.getByLabel("Secrets file").setInputFiles(secrets);
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Open the secrets file" }).click();
  await expect(page.getByText(/^The file opens/)).toBeVisible();
}

/** Registers the public half of a set that was made on the command line; gives its id. */
export async function commitPublic(page: Page, root: string, items: number): Promise<string> {
  await page.goto("/en/canaries/new");
  await page.getByLabel("Public file of the commitment").setInputFiles(await publicFile(page, root, items));
  await page.locator("#cli-form").getByRole("button", { name: "Register this commitment" }).click();
  await page.waitForURL(/\/en\/canaries\/[0-9a-f]{32}$/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** commitment.json under the key id that the page names for the command line. */
export async function publicFile(page: Page, root: string, items: number): Promise<TextFile> {
  const command = await page.getByText(/--author [0-9a-f]{64}/).textContent();
  const authorKeyId = /--author ([0-9a-f]{64})/.exec(command ?? "")?.[1];
  const commitment = {
    schema: "slipmark.canary-commitment/v1",
    setId: root.slice(0, 32),
    root,
    items,
    kind: "natural",
    authorKeyId,
    terms: null,
  };
  return file("commitment.json", JSON.stringify(commitment));
}
