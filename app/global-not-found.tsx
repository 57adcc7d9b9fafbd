import "./globals.css";
import type { Metadata } from "next";
import { troubleText } from "@/components/states/trouble-text";
import { SlipsMark } from "@/components/wordmark";

export const metadata: Metadata = { title: `${troubleText.en.notFound} · Slipmark` };

/** An address outside of both languages: answered in both. */
export default function GlobalNotFound() {
  return (
    <html lang="en">
      <body>
        <header className="masthead">
          <div className="frame">
            <a href="/" className="wordmark">
              <SlipsMark />
              Slipmark
            </a>
          </div>
        </header>
        <main>
          <div className="frame equal">
            {(["en", "zh"] as const).map((locale) => {
              const text = troubleText[locale];
              return (
                <section key={locale} lang={locale === "zh" ? "zh-Hans" : "en"} className="stack">
                  <h1>{text.notFound}</h1>
                  <p>{text.notFoundText}</p>
                  <p>
                    <a href={`/${locale}`}>{text.home}</a>
                  </p>
                </section>
              );
            })}
          </div>
        </main>
      </body>
    </html>
  );
}
