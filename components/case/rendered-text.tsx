import { renderMarkdown } from "@/lib/evidence/server";

/** Somebody's Markdown as it will be read. `id` keeps its anchors apart from those of other texts. */
export function RenderedText({ text, id }: { readonly text: string; readonly id: string }) {
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by lib/evidence/render-markdown
    <div className="prose post-body" dangerouslySetInnerHTML={{ __html: renderMarkdown(text, id) }} />
  );
}
