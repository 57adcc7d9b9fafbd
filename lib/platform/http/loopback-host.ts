/** Whether a host name or address (without port) reaches this machine only. IPv6 with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?(::1|0:0:0:0:0:0:0:1)\]?)$/i.test(host);
}
