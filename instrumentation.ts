/** Runs once when a site process starts, before its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startSite } = await import("./lib/platform/pages/start-site");
  await startSite();
  const { fillEmptyShells } = await import("./lib/platform/http/fill-empty-shells");
  const { troubleText } = await import("./components/states/trouble-text");
  fillEmptyShells(troubleText);
  const { publishBundledEngine } = await import("./lib/verification/publish-bundled-engine");
  await publishBundledEngine();
}
