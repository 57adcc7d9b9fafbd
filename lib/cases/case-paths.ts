/** Public pages that show a case: told to every site process when it changes. */
export function casePaths(publicId: string | null): string[] {
  return publicId === null ? [] : [`/cases/${publicId}`, "/cases", "/"];
}
