import type { RunResult } from '@drumline/wire';
import { pastResult } from '../report/past-result.js';

/** Programs that compare read two runs in turn. */
const KEPT = 2;

/** Results of runs that have ended, and no longer change. Keeps those that were read last. */
export class PastResults {
  /** By the path of the run file, the least recently read first. */
  private readonly kept = new Map<string, RunResult>();

  /** @throws DrumlineError `usage`, see `pastResult` */
  read(path: string): RunResult {
    const result = this.kept.get(path) ?? pastResult(path);
    this.kept.delete(path);
    this.kept.set(path, result);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT) this.kept.delete(oldest!);
    return result;
  }
}
