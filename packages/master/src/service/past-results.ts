import type { RunResult } from '@drumline/wire';
import { readPastResult } from '../report/read-past-result.js';

/** Programs that compare read two runs in turn. */
const KEPT = 2;

/** Results of runs that have ended, and no longer change. Keeps those that were read last. */
export class PastResults {
  /** By the path of the run file, the least recently read first. */
  private readonly kept = new Map<string, Promise<RunResult>>();

  /** Readers that come meanwhile share the read. @throws DrumlineError `usage`, see `pastResult` */
  async read(path: string): Promise<RunResult> {
    const result = this.kept.get(path) ?? readPastResult(path);
    this.kept.delete(path);
    this.kept.set(path, result);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT) this.kept.delete(oldest!);
    result.catch(() => {
      if (this.kept.get(path) === result) this.kept.delete(path);
    });
    return await result;
  }
}
