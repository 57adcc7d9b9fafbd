import "../globals.css";
import type { Metadata, Viewport } from "next";
import { notFound } from "next/navigation";
import { locale as rootLocale } from "next/root-params";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Colophon } from "@/components/shell/colophon";
import { Masthead } from "@/components/shell/masthead";
import { isLocale, languageTag } from "@/i18n/locales";

/** Nothing is rendered at build time, when there is no database: each page at its first visit, then kept. */
export function generateStaticParams() {
  return [];
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return {
    title: { default: `Slipmark · ${t("tagline")}`, template: "%s · Slipmark" },
    description: t("description"),
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9f5ec" },
    { media: "(prefers-color-scheme: dark)", color: "#171310" },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const locale = await rootLocale();
  if (!isLocale(locale)) notFound();
  return (
    <html lang={languageTag[locale]}>
      <head>
        <link
          rel="preload"
          href="/fonts/slip-serif-1.woff2"
          as="font"
          type="font/woff2"
          crossOrigin="anonymous"
        />
        <link
          rel="preload"
          href="/fonts/slip-mono-1.woff2"
          as="font"
          type="font/woff2"
          crossOrigin="anonymous"
        />
      </head>
      <body>
        <Masthead />
        <main id="content" tabIndex={-1}>
          <div className="frame">{children}</div>
        </main>
        <Colophon />
      </body>
    </html>
  );
}
