/**
 * Arrows point down only: app → components → lib/<domain> → lib/platform and lib/engine.
 * See docs/ARCHITECTURE.md.
 */
const domains = "accounts|canaries|cases|evidence|examples|ledger|registry|verification";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "engine-stands-alone",
      comment: "The CLI and a stranger's machine run the engine without the site.",
      severity: "error",
      from: { path: "^lib/engine/" },
      to: { path: "^(app|components|i18n|messages|worker|cli|prisma)/|^lib/(?!engine/)" },
    },
    {
      name: "engine-is-pure-outside-io",
      comment: "Only lib/engine/io touches the network and the disk.",
      severity: "error",
      from: { path: "^lib/engine/(?!io/)", pathNot: "\\.test\\.ts$" },
      to: { path: "^(node:)?(fs|fs/promises|net|http|https|dns|child_process|worker_threads|undici)$" },
    },
    {
      name: "cli-uses-the-engine-only",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^(app|components|i18n|messages|worker|prisma|lib/(?!engine/))" },
    },
    {
      name: "platform-is-below-domains",
      severity: "error",
      from: { path: "^lib/platform/(?!supervisor/)" },
      to: { path: `^(app|components|worker|lib/(${domains})/)` },
    },
    {
      name: "lib-is-below-pages",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(app|components|worker|bin)/" },
    },
    {
      name: "components-are-below-pages",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^(app|worker|bin)/" },
    },
    {
      name: "worker-uses-lib-only",
      severity: "error",
      from: { path: "^worker/" },
      to: { path: "^(app|components|cli|bin)/" },
    },
    {
      name: "domains-meet-at-their-doors",
      comment: "A domain is used through index.ts (client-safe) or server.ts.",
      severity: "error",
      from: { path: `^lib/(${domains})/` },
      to: { path: `^lib/(${domains})/(?!(index|server|schema|dto)\\.ts$)`, pathNot: "^lib/$1/" },
    },
    {
      name: "pages-use-doors",
      severity: "error",
      from: { path: "^(app|components|worker)/" },
      to: { path: `^lib/(${domains})/(?!(index|server|schema|dto)\\.ts$)` },
    },
    {
      name: "no-tests-in-product",
      severity: "error",
      from: { path: "^(app|components|lib|worker|cli)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^tests/" },
    },
    {
      name: "nothing-unresolved",
      comment: "Named here: packages of types only, which have nothing to resolve to.",
      severity: "error",
      from: {},
      to: {
        couldNotResolve: true,
        pathNot: "^(next/root-params|server-only|hast|mdast|undici/types/|next-auth/adapters)",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|\\.next|dist|var|lib/platform/database/generated)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
