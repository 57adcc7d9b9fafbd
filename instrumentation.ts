/** Runs once when a site process starts, before its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startSite } = await import("./lib/platform/pages/start-site");
  await startSite();
  const { publishBundledEngine } = await import("./lib/verification/publish-bundled-engine");
  await publishBundledEngine();
}
