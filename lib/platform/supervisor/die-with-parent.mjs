// Loaded with --import into children that do not know the supervisor (Next): when it vanishes without a word, as after
// kill -9, they end too. Plain JavaScript, because those children do not load TypeScript.
if (process.channel) {
  process.once("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 5000).unref();
  });
  // Listening must not keep a process alive that has nothing else to do; but the server that `next dev` forks
  // (and which inherits this import) waits for its first message on this channel.
  if (!process.env.NEXT_PRIVATE_WORKER) process.channel.unref();
}
