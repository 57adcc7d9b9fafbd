/**
 * Whether a page is drawn as the answer to a form that a browser sent without scripts. Such a page must show the form
 * again even to somebody whose session has just ended, or what was typed is lost; nothing is accepted by showing it.
 */
export function isFormPost(headers: Pick<Headers, "get">): boolean {
  return /^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(
    headers.get("content-type") ?? "",
  );
}
