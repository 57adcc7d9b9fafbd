import { expect } from "vitest";
import {
  type FollowOptions,
  type FollowReport,
  followLog,
  type MonitorState,
  parseMonitorState,
} from "@/lib/engine/log/monitor";
import { MemoryLog } from "./memory-log";

/** What a refusal looks like. */
export const refused = (code: string, message?: RegExp) =>
  expect.objectContaining({
    name: "MonitorProblem",
    code,
    ...(message === undefined ? {} : { message: expect.stringMatching(message) }),
  });

/** A log in memory and what a monitor remembers of it from run to run. */
export class FollowedLog {
  readonly log = new MemoryLog();
  state: MonitorState | null = null;
  saves = 0;

  follow(options: Partial<FollowOptions> = {}): Promise<FollowReport> {
    return followLog({
      fetch: this.log.fetch,
      state: this.state,
      save: async (next) => {
        this.saves += 1;
        // As a file would keep it.
        this.state = parseMonitorState(JSON.stringify(next));
      },
      ...options,
    });
  }

  /** Follows, and expects a refusal that leaves what was remembered as it was. */
  async refuse(code: string, message?: RegExp, options: Partial<FollowOptions> = {}): Promise<void> {
    const before = structuredClone(this.state);
    await expect(this.follow(options)).rejects.toEqual(refused(code, message));
    expect(this.state).toEqual(before);
  }
}
