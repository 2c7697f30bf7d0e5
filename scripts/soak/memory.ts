import { readFileSync } from 'node:fs';

/** The memory of one process over time. */
export interface MemoryCurve {
  readonly role: string;
  /** Ordered by time. `atMs` counts from the start of the soak test. */
  readonly samples: readonly { readonly atMs: number; readonly rssBytes: number }[];
}

/** Samples the resident memory of processes by their role in the cluster. */
export class MemoryWatch {
  readonly #curves = new Map<string, { atMs: number; rssBytes: number }[]>();
  readonly #startMs = performance.now();

  /** @param pids by role; processes that are gone get no sample */
  sample(pids: ReadonlyMap<string, number>): void {
    for (const [role, pid] of pids) {
      const rssBytes = rssOf(pid);
      if (rssBytes === undefined) continue;
      const samples = this.#curves.get(role) ?? [];
      this.#curves.set(role, samples);
      samples.push({ atMs: performance.now() - this.#startMs, rssBytes });
    }
  }

  get curves(): MemoryCurve[] {
    return [...this.#curves].map(([role, samples]) => ({ role, samples }));
  }
}

/** Resident memory from `/proc`; undefined if there is no such process. */
function rssOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}
