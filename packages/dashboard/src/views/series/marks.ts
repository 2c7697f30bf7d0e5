import type { ListedSeries } from '@drumline/client';
import type { Marks } from '../../charts/model.js';
import type { RunSource } from '../../run/run-source.js';

/** Remarks, untrusted seconds, and limits of thresholds on the response times of a series. */
export function marksOf(run: RunSource, { method, name }: Pick<ListedSeries, 'method' | 'name'>): Marks {
  const start = run.timeline.startMs ?? 0;
  const judged = run.result.value?.thresholds?.map((one) => ({ ...one, broken: !one.passed }));
  const names = [name, `${method} ${name}`];
  return {
    shaded: run.timeline.untrusted().map(({ second }) => second),
    annotations: run.annotations.value.map(({ at, text }) => ({
      at: (Date.parse(at) - start) / 1_000,
      text,
    })),
    limits: (judged ?? run.status.value?.thresholds ?? [])
      .filter(({ unit, of }) => unit === 'ms' && names.includes(of))
      .map(({ limit, broken, expression }) => ({ value: limit, isBroken: broken, text: expression })),
  };
}
