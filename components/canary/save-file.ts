/** Hands a file to the browser's downloads; nothing is sent. */
export function saveFile({ name, text }: { readonly name: string; readonly text: string }): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
