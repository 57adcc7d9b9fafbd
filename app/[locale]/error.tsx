"use client";

import { useParams } from "next/navigation";
import { troubleText } from "@/components/states/trouble-text";

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** Something failed while a page was made. Says so in the page's language; the number finds it in the server's log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const { locale } = useParams<{ locale: string }>();
  const text = troubleText[locale === "zh" ? "zh" : "en"];
  return (
    <section className="state" data-kind="error" role="alert">
      <h1>{text.title}</h1>
      <p>{text.what}</p>
      <p>{text.todo}</p>
      {error.digest ? (
        <p className="note">
          {text.number} <code>{error.digest}</code>
        </p>
      ) : null}
      <p>
        <button type="button" className="button" onClick={reset}>
          {text.again}
        </button>
      </p>
    </section>
  );
}
