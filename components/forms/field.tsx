import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";

interface FieldProps {
  /** Also the id, unless another is given */
  readonly name: string;
  /** For a page with several forms that have a field of this name */
  readonly id?: string | undefined;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** A sentence, already in the reader's language */
  readonly error?: string | undefined;
}

function describedBy({ name, hint, error }: FieldProps): string | undefined {
  return (
    [hint ? `${name}-hint` : null, error ? `${name}-error` : null].filter(Boolean).join(" ") || undefined
  );
}

function Notes({ name, hint, error }: FieldProps) {
  return (
    <>
      {hint ? (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p className="error" id={`${name}-error`}>
          {error}
        </p>
      ) : null}
    </>
  );
}

type Without<T> = Omit<T, keyof FieldProps | "id" | "className">;

export interface TextFieldProps extends FieldProps, Without<InputHTMLAttributes<HTMLInputElement>> {
  /** Addresses, commits, hashes: mono, no spelling help */
  readonly code?: boolean;
}

/** Label, hint, error, and the value that was typed before. Usable in server and client components. */
export function TextField({ name, id = name, label, hint, error, code = false, ...input }: TextFieldProps) {
  return (
    <div className="field" data-invalid={error ? "" : undefined}>
      <label htmlFor={id}>{label}</label>
      <Notes name={id} label={label} hint={hint} error={error} />
      <input
        id={id}
        name={name}
        type="text"
        className="control"
        data-code={code ? "" : undefined}
        spellCheck={!code}
        autoCapitalize={code ? "off" : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy({ name: id, label, hint, error })}
        {...input}
      />
    </div>
  );
}

export interface TextAreaProps extends FieldProps, Without<TextareaHTMLAttributes<HTMLTextAreaElement>> {}

export function TextArea({ name, id = name, label, hint, error, ...area }: TextAreaProps) {
  return (
    <div className="field" data-invalid={error ? "" : undefined}>
      <label htmlFor={id}>{label}</label>
      <Notes name={id} label={label} hint={hint} error={error} />
      <textarea
        id={id}
        name={name}
        className="control"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy({ name: id, label, hint, error })}
        {...area}
      />
    </div>
  );
}

export interface SelectFieldProps extends FieldProps, Without<SelectHTMLAttributes<HTMLSelectElement>> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function SelectField({ name, id = name, label, hint, error, options, ...select }: SelectFieldProps) {
  return (
    <div className="field" data-invalid={error ? "" : undefined}>
      <label htmlFor={id}>{label}</label>
      <Notes name={id} label={label} hint={hint} error={error} />
      <select
        id={id}
        name={name}
        className="control"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy({ name: id, label, hint, error })}
        {...select}
      >
        {options.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export interface ChoicesProps extends FieldProps {
  readonly kind: "radio" | "checkbox";
  readonly options: readonly {
    readonly value: string;
    readonly label: ReactNode;
    readonly hint?: ReactNode;
    readonly disabled?: boolean;
  }[];
  readonly chosen?: readonly string[];
}

/** One or several of a few, each with its own explanation. */
export function Choices({
  name,
  id: place = name,
  label,
  hint,
  error,
  kind,
  options,
  chosen = [],
}: ChoicesProps) {
  return (
    <fieldset
      className="field"
      id={place}
      data-invalid={error ? "" : undefined}
      aria-describedby={describedBy({ name: place, label, hint, error })}
    >
      <legend>{label}</legend>
      <Notes name={place} label={label} hint={hint} error={error} />
      {options.map((option) => {
        const id = `${place}-${option.value}`;
        return (
          <div className="choice" key={option.value}>
            <input
              type={kind}
              id={id}
              name={name}
              value={option.value}
              defaultChecked={chosen.includes(option.value)}
              disabled={option.disabled}
              aria-describedby={option.hint ? `${id}-hint` : undefined}
            />
            <label htmlFor={id}>{option.label}</label>
            {option.hint ? (
              <p className="hint" id={`${id}-hint`}>
                {option.hint}
              </p>
            ) : null}
          </div>
        );
      })}
    </fieldset>
  );
}
