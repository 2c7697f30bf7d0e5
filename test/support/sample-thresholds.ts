import type { ThresholdResult } from '@drumline/wire';

/** One threshold that passed, one that ended the run, and one without data. */
export function sampleThresholds(): ThresholdResult[] {
  return [
    {
      expression: 'p99 < 300ms',
      of: '',
      unit: 'ms',
      observed: 287,
      limit: 300,
      passed: true,
      brokenForMs: 0,
      margin: 0.0433,
    },
    {
      expression: 'p95 < 200ms over 10s',
      of: 'POST /orders',
      unit: 'ms',
      observed: 412,
      limit: 200,
      passed: false,
      firstBrokenAtMs: 35_000,
      brokenForMs: 12_000,
      margin: -1.06,
      aborted: true,
    },
    {
      expression: 'passes > 99%',
      of: 'check status is 20',
      unit: 'share',
      observed: null,
      limit: 0.99,
      passed: false,
      brokenForMs: 0,
      problem: "no check 'status is 20' was made; did you mean 'status is 200'?",
    },
  ];
}
