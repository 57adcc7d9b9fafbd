/** Writes all of a text before it resolves; a reader that has gone away (`| head`) is not an error. */
export function writeOutput(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === "EPIPE") resolve();
      else reject(error);
    });
  });
}

// C0 and C1 controls but for the line feed, and the marks that turn the direction of text.
const unsafe = /[^\P{Cc}\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text for a terminal: a stranger's file name or configuration value must not move its cursor or lie about order. */
export function forTerminal(text: string): string {
  return text.replace(unsafe, "\ufffd");
}
