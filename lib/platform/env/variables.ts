import { BlockList, isIP } from "node:net";
import { z } from "zod";

/**
 * Every variable the site, the worker and the commands read, with what is expected of it.
 * docs/OPERATIONS.md lists the same ones: a test compares the two.
 */
const port = z.coerce.number().int().min(1).max(65535);
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const text = z.string().trim().min(1);
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
const origin = httpUrl.refine((url) => new URL(url).origin === url);
const key = z.base64().refine((value) => Buffer.from(value, "base64").length === 32);
const cidrs = z
  .string()
  .transform((list) => list.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().refine(isNetwork)));

const signingKey = text
  .refine((value) => value.includes("-----BEGIN") || Buffer.from(value, "base64").length === 32)
  .optional()
  .describe("an Ed25519 private key: PKCS #8 PEM, or its 32 bytes in base64");

export const variables = z.object({
  NODE_ENV: z
    .enum(["development", "production", "test"])
    .default("development")
    .describe("development, production or test"),
  PORT: port.default(3000).describe("a port number from 1 to 65535"),
  HOST: text.default("127.0.0.1").describe("an address or name of this machine to listen on"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("fatal, error, warn, info, debug, trace or silent"),

  SLIPMARK_DATA: text.default("./var").describe("a folder this user may write to"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe("postgresql://user:password@host:port/database"),
  SLIPMARK_BLOBS: z
    .union([
      z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^\s]*)?$/),
      z.string().regex(/^(?!\w+:\/\/)./),
    ])
    .optional()
    .describe("a folder, or s3://bucket/prefix"),
  S3_ENDPOINT: httpUrl.optional().describe("the http(s) address of an S3-compatible store"),
  S3_REGION: text.default("us-east-1").describe("the store's region"),
  S3_ACCESS_KEY_ID: text.optional().describe("the store's access key"),
  S3_SECRET_ACCESS_KEY: text.optional().describe("the store's secret key"),

  SLIPMARK_PUBLIC_ORIGIN: origin.optional().describe("https://host without a path"),
  SLIPMARK_TRUSTED_PROXIES: cidrs
    .default([])
    .describe("addresses or networks such as 10.0.0.0/8,::1, separated by commas"),
  SLIPMARK_DEPLOYMENT_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .optional()
    .describe("up to 32 letters, digits, - or _"),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key
    .optional()
    .describe("32 bytes in base64, as printed by: openssl rand -base64 32"),
  NEXTAUTH_SECRET: z.string().min(32).optional().describe("at least 32 characters"),

  SLIPMARK_EXAMPLES: z.enum(["on", "off"]).default("on").describe("on or off"),
  SLIPMARK_CASE_PREFIX: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{1,7}$/)
    .default("SLP")
    .describe("2 to 8 capital letters or digits, a letter first"),

  SLIPMARK_LOG_ORIGIN: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[\w.-]+)+$/)
    .max(200)
    .optional()
    .describe("a name such as: ledger.example/log"),
  SLIPMARK_LOG_BATCH: count(1, 4096).default(1024).describe("entries per transaction, from 1 to 4096"),
  SLIPMARK_LOG_INTERVAL_MS: count(10, 600_000)
    .default(200)
    .describe("milliseconds between two checkpoints, from 10 to 600000"),
  SLIPMARK_LOG_GUARD: text.optional().describe("a file outside the database and its backups"),
  SLIPMARK_KEYS: text.optional().describe("a folder that only this user can read"),
  SLIPMARK_LOG_KEY: signingKey,
  SLIPMARK_LOG_KEY_PREVIOUS: signingKey,
  SLIPMARK_SITE_KEY: signingKey,
  SLIPMARK_RUN_KEY: signingKey,
  SLIPMARK_MODERATOR_KEY: signingKey,
  SLIPMARK_WITNESSES: z
    .string()
    .regex(/^[^\s,]+\s+https?:\/\/[^\s,]+(\s*,\s*[^\s,]+\s+https?:\/\/[^\s,]+)*$/)
    .optional()
    .describe("a verifier key and an http(s) address for each witness, separated by commas"),
  SLIPMARK_TSA_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("the http(s) address of a timestamp authority (RFC 3161)"),
  SLIPMARK_TSA_CERT: text.optional().describe("a PEM file with the root certificate of that authority"),
  SLIPMARK_TSA_INTERVAL: count(10, 604_800).default(3600).describe("seconds, from 10 to 604800"),

  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe("smtp://user:password@host:port or smtps://…"),
  SLIPMARK_CONTACT: z.email().optional().describe("an e-mail address, such as: moderators@example.org"),
  MAIL_FROM: text
    .default("Slipmark <no-reply@localhost>")
    .describe("a sender such as: Slipmark <ledger@example.org>"),
  GITHUB_CLIENT_ID: text.optional().describe("the id of a GitHub OAuth app"),
  GITHUB_CLIENT_SECRET: text.optional().describe("the secret of a GitHub OAuth app"),
  HF_CLIENT_ID: text.optional().describe("the id of a Hugging Face OAuth app"),
  HF_CLIENT_SECRET: text.optional().describe("the secret of a Hugging Face OAuth app"),
  HF_OAUTH_ISSUER: httpUrl.default("https://huggingface.co").describe("an http(s) address"),
  OIDC_ISSUER: httpUrl.optional().describe("the http(s) address of an OpenID Connect issuer"),
  OIDC_CLIENT_ID: text.optional().describe("a client id at that issuer"),
  OIDC_CLIENT_SECRET: text.optional().describe("the client's secret"),
  OIDC_NAME: text.optional().describe("the name on the button"),

  HF_ENDPOINT: httpUrl.default("https://huggingface.co").describe("the http(s) address of a Hub or a mirror"),
  HF_TOKEN: text.optional().describe("a read token of the Hub"),
  GITHUB_API_URL: httpUrl.default("https://api.github.com").describe("the http(s) address of a GitHub API"),
  GITHUB_TOKEN: text.optional().describe("a read token of GitHub"),
  SLIPMARK_REQUEST_BUDGET: count(1, 1_000_000)
    .default(500)
    .describe("requests per 5 minutes and source host, from 1 to 1000000"),
  SLIPMARK_CACHE_BYTES: count(0, Number.MAX_SAFE_INTEGER)
    .default(5_368_709_120)
    .describe("bytes the read cache may hold, 0 or more"),
  SLIPMARK_FINGERPRINT_BYTES: count(0, Number.MAX_SAFE_INTEGER)
    .default(20_000_000_000)
    .describe("bytes of weights up to which a full fingerprint is computed here, 0 or more"),
  SLIPMARK_DRAND_URL: httpUrl
    .default("https://api.drand.sh")
    .describe("the http(s) address of a drand relay"),
  SLIPMARK_DRAND_CHAIN: z
    .string()
    .regex(/^\s*\{[\s\S]*\}\s*$/)
    .optional()
    .describe("what a relay of that chain answers to /info: a JSON object"),
  SLIPMARK_ASK_ENDPOINTS: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}\s+https?:\/\/[^\s,@]+(\s*,\s*[a-z][a-z0-9-]{0,31}\s+https?:\/\/[^\s,@]+)*$/)
    .optional()
    .describe("a name and an http(s) address without credentials for each endpoint, separated by commas"),
  SLIPMARK_WORKER_CONCURRENCY: count(1, 64)
    .default(2)
    .describe("runs a worker executes at once, from 1 to 64"),
});

export type Variables = z.output<typeof variables>;
export type VariableName = keyof Variables;

/** Values that are never printed. DATABASE_URL, SMTP_URL and a mistaken endpoint may hold a password. */
export const secretVariables: ReadonlySet<string> = new Set<VariableName>([
  "DATABASE_URL",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
  "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
  "NEXTAUTH_SECRET",
  "SMTP_URL",
  "SLIPMARK_ASK_ENDPOINTS",
  "SLIPMARK_LOG_KEY",
  "SLIPMARK_LOG_KEY_PREVIOUS",
  "SLIPMARK_SITE_KEY",
  "SLIPMARK_RUN_KEY",
  "SLIPMARK_MODERATOR_KEY",
  "GITHUB_CLIENT_SECRET",
  "HF_CLIENT_SECRET",
  "OIDC_CLIENT_SECRET",
  "HF_TOKEN",
  "GITHUB_TOKEN",
]);

function isNetwork(value: string): boolean {
  const [address = "", prefix] = value.split("/");
  const family = isIP(address);
  if (family === 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? "ipv4" : "ipv6");
    return true;
  } catch {
    return false;
  }
}
