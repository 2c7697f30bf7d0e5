import type { MachineUse } from '@drumline/model';

/** The most that the lanes of a worker used of the limits of their machine during a run. */
export class ReachedUse {
  /** When the run began here, and at the last heartbeat. */
  private throttledMs: readonly [first: number, last: number] | undefined;

  /** @param most what an earlier master recorded */
  constructor(private most?: MachineUse) {}

  add({ openFiles, ports, throttledMs }: MachineUse): void {
    const { openFiles: files = 0, ports: used = 0, throttledMs: before } = this.most ?? {};
    this.most = {
      openFiles: Math.max(files, openFiles),
      ports: Math.max(used, ports),
      ...(before !== undefined && { throttledMs: before }),
    };
    if (throttledMs !== undefined)
      this.throttledMs = [
        this.throttledMs?.[0] ?? throttledMs,
        Math.max(throttledMs, this.throttledMs?.[1] ?? 0),
      ];
  }

  /** The highest values, and how long the control group was stopped; undefined if unknown. */
  get stored(): MachineUse | undefined {
    if (this.most === undefined || this.throttledMs === undefined) return this.most;
    const [first, last] = this.throttledMs;
    return { ...this.most, throttledMs: (this.most.throttledMs ?? 0) + last - first };
  }
}
