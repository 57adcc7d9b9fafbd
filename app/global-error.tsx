"use client";

import "./globals.css";
import { troubleText } from "@/components/states/trouble-text";

/** Even the frame of the page failed: both languages, no data, no navigation. */
export default function GlobalError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>{`${troubleText.en.title} · Slipmark`}</title>
        <main>
          <div className="frame equal">
            {(["en", "zh"] as const).map((locale) => {
              const text = troubleText[locale];
              return (
                <section key={locale} lang={locale === "zh" ? "zh-Hans" : "en"} className="stack">
                  <h1>{text.title}</h1>
                  <p>{text.what}</p>
                  <p>{text.todo}</p>
                  {error.digest ? (
                    <p className="note">
                      {text.number} <code>{error.digest}</code>
                    </p>
                  ) : null}
                  <button type="button" className="button" onClick={reset}>
                    {text.again}
                  </button>
                </section>
              );
            })}
          </div>
        </main>
      </body>
    </html>
  );
}
