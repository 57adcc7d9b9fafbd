import { Server } from "node:http";

const done = Symbol.for("slipmark.append-peer");

/**
 * Makes this process append the peer's address to X-Forwarded-For, as every proxy does. Next only fills the header in
 * when it is absent, so that without this any caller could choose the address that limits count.
 */
export function appendPeerAddress(): void {
  const prototype = Server.prototype as typeof Server.prototype & { [done]?: true };
  if (prototype[done]) return;
  prototype[done] = true;
  const emit = prototype.emit;
  prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    if (event === "request") {
      const request = args[0] as import("node:http").IncomingMessage;
      const peer = request.socket.remoteAddress;
      const given = request.headers["x-forwarded-for"];
      if (peer !== undefined)
        request.headers["x-forwarded-for"] = [given, peer].flat().filter(Boolean).join(", ");
    }
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  } as typeof emit;
}
