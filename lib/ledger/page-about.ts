/** Folders of the pages that acts are about. */
export const aboutFolders = { case: "cases", model: "models", run: "runs", canary: "canaries" } as const;

/** The page that an act is about ("model:mdl_…", "case:SLP-…"), without the locale; null where there is none. */
export function pageAbout(about: string): string | null {
  const [kind = "", id = ""] = about.split(/:(.*)/s);
  return Object.hasOwn(aboutFolders, kind)
    ? `/${aboutFolders[kind as keyof typeof aboutFolders]}/${id}`
    : null;
}
