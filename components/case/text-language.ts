/** The language a person wrote in, of the two that pages are set in: for type, line breaking and screen readers. */
export function textLanguage(text: string): "zh-Hans" | "en" {
  return /\p{Script=Han}/u.test(text) ? "zh-Hans" : "en";
}
