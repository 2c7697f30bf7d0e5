import { RequestError } from '@drumline/model';
import type { CompareQuery, ComparisonView } from '@drumline/wire';
import { compareStored } from '../report/compare/compare-stored.js';
import { Turns } from './turns.js';

const DEFAULT_MARGIN_PERCENT = 5;
const MOST_WAITING = 8;
const KEPT = 20;

/** Where a run is that a request names. @throws RequestError */
type FindFile = (named: string) => { readonly runId: string; readonly path: string };

/** Comparisons of runs that have ended. They never change, so those read last are kept. */
export class Comparisons {
  private readonly kept = new Map<string, Promise<ComparisonView>>();
  /** A comparison takes seconds of a core. */
  private readonly turns = new Turns(1, MOST_WAITING, 'runs are being compared');

  constructor(private readonly find: FindFile) {}

  /** @throws RequestError `run-unknown`, `run-unfinished`, `argument-invalid`, `overloaded` */
  async compare({
    baseline,
    run,
    margin = DEFAULT_MARGIN_PERCENT,
    skip,
  }: CompareQuery): Promise<ComparisonView> {
    const [before, after] = [this.find(baseline), this.find(run)];
    if (before.runId === after.runId)
      throw new RequestError('argument-invalid', 'the baseline and the new run are the same run');
    const key = [before.runId, after.runId, margin, skip].join();
    const known = this.kept.get(key);
    if (known) return await known;
    const paths = [before.path, after.path] as const;
    const skipMs = skip === undefined ? undefined : skip * 1_000;
    const compared = this.turns.take(() => compareStored({ paths, margin: margin / 100, skipMs }));
    this.kept.set(key, compared);
    compared.catch(() => this.kept.delete(key));
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT) this.kept.delete(oldest!);
    return await compared;
  }
}
