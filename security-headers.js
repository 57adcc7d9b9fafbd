const development = process.env.NODE_ENV === "development";

/**
 * Pages are rendered once and cached, so no per-request nonce can stand in them, and the framework's inline data
 * differs from page to page, so no list of hashes can be written beforehand. What remains inline-able is closed from the
 * other side: text from people passes rehype-sanitize, nothing is loaded from or sent to another origin, no plugin, no
 * base, no frame.
 */
function contentPolicy(frameAncestors) {
  return [
    "default-src 'none'",
    `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ""}`,
    "script-src-attr 'none'",
    `style-src 'self' 'unsafe-inline'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join("; ");
}

const common = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), interest-cohort=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

/** Response headers by path; of two entries that match, the later one wins. */
export async function pageHeaders() {
  return [
    {
      source: "/:path*",
      headers: [
        ...common,
        { key: "Content-Security-Policy", value: contentPolicy("'none'") },
        { key: "X-Frame-Options", value: "DENY" },
      ],
    },
    {
      source: "/embed/:path*",
      headers: [{ key: "Content-Security-Policy", value: contentPolicy("*") }],
    },
    {
      // Strangers' files on our origin. Stated here: a handler's own header loses against the first entry.
      source: "/api/v1/blobs/:path*",
      headers: [{ key: "Content-Security-Policy", value: "sandbox; default-src 'none'" }],
    },
    {
      source: "/fonts/:file*",
      headers: [{ key: "Cache-Control", value: "public, max-age=31536000, immutable" }],
    },
  ];
}
