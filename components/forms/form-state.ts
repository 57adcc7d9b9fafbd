/** What a form's server action answers: what was typed, and what stands in the way, in the reader's language. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  /** Sentences by field name. */
  readonly fields: Readonly<Record<string, string>>;
  /** A sentence about the whole form, or null. */
  readonly problem: string | null;
  /** A sentence that says what was done, or null. */
  readonly done: string | null;
}

export const emptyForm: FormState = { values: {}, fields: {}, problem: null, done: null };

/**
 * The text fields of a form as they were typed; files and framework fields are left out. Several ticks under one name
 * are one value, a tick a line.
 */
export function typedValues(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string" || name.startsWith("$")) continue;
    values[name] = values[name] === undefined ? value : `${values[name]}\n${value}`;
  }
  return values;
}

/** All sentences of a form as the error summary lists them, the whole form's first. */
export function allErrors(
  state: FormState,
): readonly { readonly field: string | null; readonly message: string }[] {
  return [
    ...(state.problem === null ? [] : [{ field: null, message: state.problem }]),
    ...Object.entries(state.fields).map(([field, message]) => ({ field, message })),
  ];
}
