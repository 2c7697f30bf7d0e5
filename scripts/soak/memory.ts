import { readFileSync } from 'node:fs';

/** The memory of one process over time. */
export interface MemoryCurve {
  readonly role: string;
  /** In order of time. `atMs` counts from the start of the soak. */
  readonly samples: readonly { readonly atMs: number; readonly rssBytes: number }[];
}

/** Reads the resident memory of processes again and again, under the names of their parts in the cluster. */
export class MemoryWatch {
  readonly #curves = new Map<string, { atMs: number; rssBytes: number }[]>();
  readonly #startMs = performance.now();

  /** @param pids by role; one that is gone has no sample this time */
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

/** From `/proc`, as `ps` has it; nothing if there is no such process. */
function rssOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}
