import type { ServerResponse } from "node:http";
import { encodePath, type ServedRepository } from "./api-routes";

const escapeHtml = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark] ?? mark,
  );

/** GET /{id} and /{id}/tree/{rev}: what a reader sees who follows a link to a repository of this Hub. */
export function sendRepositoryPage(response: ServerResponse, { repository, files }: ServedRepository): void {
  const rows = files.map(({ path, size, source }) => {
    const name = escapeHtml(path);
    const address = `/${repository.name}/resolve/${repository.commit}/${encodePath(path)}`;
    const shown = source
      ? `<a href="${escapeHtml(address)}">${name}</a>`
      : `${name} (listed, no longer kept)`;
    return `<tr><td>${shown}</td><td>${size ?? "–"}</td></tr>`;
  });
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width"><title>${escapeHtml(repository.name)}</title>
<style>body{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}td{padding:.1rem 1rem .1rem 0}td+td{text-align:right}</style>
<h1>${escapeHtml(repository.name)}</h1>
<p>Served by the example Hub on this machine. Nothing here is published anywhere.<br>
由本机的示例 Hub 提供，并未在任何地方公开发布。</p>
<p>Commit <code>${escapeHtml(repository.commit)}</code></p><table>${rows.join("")}</table></html>`;
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(response.req.method === "HEAD" ? undefined : html);
}
