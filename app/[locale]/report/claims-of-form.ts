import { textOf } from "@/components/forms/form-problem";
import { type ClaimKind, claimKinds } from "@/lib/cases";

/** The ticked claims of a form, in the order of the list: `claims-KIND` with `claims-text-KIND`. */
export function claimsOf(form: FormData): { kind: ClaimKind; text: string }[] {
  return claimKinds
    .filter((kind) => form.has(`claims-${kind}`))
    .map((kind) => ({ kind, text: textOf(form, `claims-text-${kind}`) }));
}

/** "claims.1.text" of the command is the text of the second ticked claim in the form. */
export function fieldOfForm(form: FormData): (field: string) => string {
  const ticked = claimsOf(form);
  return (field) => {
    const [name = field, index, part] = field.split(".");
    const kind = ticked[Number(index)]?.kind;
    return name === "claims" && part === "text" && kind ? `claims-text-${kind}` : name;
  };
}

export const linesOf = (form: FormData, name: string): string[] =>
  textOf(form, name)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
