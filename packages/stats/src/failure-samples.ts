import { clip, MAX_FAILURE_SAMPLES, seriesId, type Sample } from '@drumline/model';
import type { FailureSample } from './delta.js';
import { kindOfMessage } from './grouping.js';
import { clipName } from './limits.js';

/** The most failed requests of a run, or of a lane, with their requests and responses. */
const MOST = 100;
/** The longest request or response, in characters. */
const MAX_TEXT = 3_000;

/**
 * Keeps the earliest failed requests of each error, and the earliest of all. The result does not
 * depend on the order in which they are added.
 */
export class FailureSampleTally {
  private samples: FailureSample[] = [];

  add(sample: FailureSample): void {
    this.samples.push(sample);
    this.samples.sort(compareSamples);
    const ofError = new Map<string, number>();
    this.samples = this.samples
      .filter((one) => {
        const id = errorId(one);
        const before = ofError.get(id) ?? 0;
        ofError.set(id, before + 1);
        return before < MAX_FAILURE_SAMPLES;
      })
      .slice(0, MOST);
  }

  all(): FailureSample[] {
    return [...this.samples];
  }

  reset(): void {
    this.samples = [];
  }
}

/** Chooses the failed requests of a lane that are kept. */
export class FailureSampler {
  private readonly taken = new Map<string, number>();
  private left = MOST;

  /** @param most of each error */
  constructor(private readonly most: number) {
    if (most === 0) this.left = 0;
  }

  /** The failed request, if it is one of the first of its error. */
  take(sample: Sample, atMs: number): FailureSample | undefined {
    if (this.left === 0 || sample.evidence === undefined) return undefined;
    const { series: key, failure = 'failed' } = sample;
    const id = errorId({ key, error: failure });
    const taken = this.taken.get(id) ?? 0;
    if (taken >= this.most) return undefined;
    const evidence = sample.evidence();
    if (evidence === undefined) return undefined;
    this.taken.set(id, taken + 1);
    this.left -= 1;
    const { request, response } = evidence;
    return {
      key,
      error: clipName(failure),
      atMs,
      request: clip(request, MAX_TEXT),
      ...(response !== undefined && { response: clip(response, MAX_TEXT) }),
    };
  }
}

/** Identifies an error of a series by its kind, as they are counted. */
export function errorId({ key, error }: Pick<FailureSample, 'key' | 'error'>): string {
  return `${seriesId(key)} ${kindOfMessage(error)}`;
}

function compareSamples(a: FailureSample, b: FailureSample): number {
  return a.atMs - b.atMs || compareTexts(textOf(a), textOf(b));
}

function textOf({ key, error, request, response = '' }: FailureSample): string {
  return [seriesId(key), error, request, response].join('\n');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
