import type { RunView } from '@drumline/client';

type Figures = NonNullable<RunView['figures']>;

export function failureShare({ requests, failures }: Figures): number {
  return requests === 0 ? 0 : failures / requests;
}

/** Whether a run has all words of a search: in its names, labels, target, state or verdict. */
export function isFound(run: RunView, search: string): boolean {
  const { scenario, runId, state, verdict = '', target = '', labels } = run;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const text = [scenario, runId, state, verdict, target, ...pairs].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A point of a trend, in the unit square: 0 at the left and at the bottom. */
export interface TrendPoint {
  readonly run: RunView;
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** The newest runs, the oldest of them first, with their values between 0 and the greatest. */
export function trendOf(
  newestFirst: readonly RunView[],
  most: number,
  valueOf: (figures: Figures) => number,
): TrendPoint[] {
  const runs = newestFirst
    .filter(({ figures }) => figures)
    .slice(0, most)
    .toReversed();
  const values = runs.map(({ figures }) => valueOf(figures!));
  const greatest = Math.max(...values, 0);
  return runs.map((run, index) => ({
    run,
    x: runs.length === 1 ? 0.5 : index / (runs.length - 1),
    y: greatest === 0 ? 0 : values[index]! / greatest,
    value: values[index]!,
  }));
}
