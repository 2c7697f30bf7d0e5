import type { TapLate, TapRecord } from '@drumline/wire';

/** What the records of seconds add up to, as a reader adds them: since the last reset. */
export function sumOfRecords(records: readonly TapRecord[]): { requests: number; failures: number } {
  let sum = { requests: 0, failures: 0 };
  let fromSecond = 0;
  const add = ({ totals }: Pick<TapLate, 'totals'>): void => {
    sum = { requests: sum.requests + totals.requests, failures: sum.failures + totals.failures };
  };
  for (const record of records) {
    if (record.type === 'detail') continue;
    if (record.type === 'second') {
      if (record.sum.fromSecond !== fromSecond) sum = { requests: 0, failures: 0 };
      ({ fromSecond } = record.sum);
      add(record);
    }
    if (record.late) add(record.late);
  }
  return sum;
}
