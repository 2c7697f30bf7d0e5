import { formatCount, formatDuration, formatNumber } from '@drumline/model';
import { MIN_UNITS } from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import type { Remark } from './comparison.js';
import type { Window } from './window.js';

/** A run with the part of it that is compared. */
export interface WindowedRun {
  /** As messages name it. */
  readonly name: 'baseline' | 'new run';
  readonly result: RunResult;
  readonly window: Window;
}

/** Differences in users or rate below these are not worth a remark. */
const USERS_DIFFER = 0.02;
const RATE_DIFFERS = 0.05;

/** Notes of a run that put its figures in doubt. */
const DOUBTFUL: readonly string[] = [
  'worker-lost',
  'worker-joined-late',
  'worker-left',
  'lane-crashed',
  'lane-stalled',
  'lane-busy',
  'load-changed',
  'paused',
  'stats-reset',
  'reports-missing',
  'target-down',
  'master-resumed',
  'unfinished',
  'store-failed',
  'series-limit',
];

/** Everything that limits what the comparison of two runs means: first what weighs most. */
export function remarksOn(baseline: WindowedRun, compared: WindowedRun): Remark[] {
  const runs = [baseline, compared];
  return [
    ...runs.flatMap(untrusted),
    ...differentLoad(baseline, compared),
    ...warmUps(baseline, compared),
    ...runs.flatMap(steadiness),
    ...differentSetting(baseline.result, compared.result),
    ...runs.flatMap(doubts),
  ];
}

function untrusted({ name, window }: WindowedRun): Remark[] {
  const { size } = window.untrusted;
  if (size === 0) return [];
  const message = `In ${formatCount(size)} s of the ${name}, the load generator was the bottleneck. They are left out.`;
  return [{ code: 'untrusted', message }];
}

function warmUps(baseline: WindowedRun, compared: WindowedRun): Remark[] {
  const [before, after] = [baseline, compared].map(warmUpOf) as [string, string];
  const none = formatDuration(0);
  if (before === none && after === none) return [];
  const which =
    before === after
      ? `${before} of both runs are left out as their warm-up`
      : [
          ...(before === none ? [] : [`${before} of the baseline`]),
          ...(after === none ? [] : [`${after} of the new run`]),
        ].join(' and ') + ' are left out as warm-up';
  const message = `The first ${which}.`;
  return [{ code: 'warm-up', message }];
}

function warmUpOf({ result, window }: WindowedRun): string {
  const first = result.timeline[0];
  const start = first ? Math.round((Date.parse(first.at) - Date.parse(result.run.startedAt)) / 1_000) : 0;
  return formatDuration((window.fromSecond - start) * 1_000);
}

function steadiness({ name, window }: WindowedRun): Remark[] {
  const { fromSecond, toSecond, isSteady } = window;
  const seconds = toSecond - fromSecond;
  const remarks: Remark[] = [];
  if (!isSteady) {
    const message = `Load or response times of the ${name} never become steady, so all of it is compared. Choose the part with --skip.`;
    remarks.push({ code: 'not-steady', message });
  }
  if (seconds < 2 * MIN_UNITS)
    remarks.push({ code: 'too-short', message: `Only ${seconds} s of the ${name} can be compared.` });
  return remarks;
}

function differentLoad(baseline: WindowedRun, compared: WindowedRun): Remark[] {
  const [users, rates] = [meanUsers, meanRate].map((mean) => [mean(baseline), mean(compared)] as const) as [
    readonly [number, number],
    readonly [number, number],
  ];
  if (differ(users, USERS_DIFFER)) {
    const message = `The load differs: ${formatNumber(users[0])} users in the baseline, ${formatNumber(users[1])} in the new run. Response times depend on it.`;
    return [{ code: 'users-differ', message }];
  }
  if (!differ(rates, RATE_DIFFERS)) return [];
  const message = `The request rate differs: ${formatNumber(rates[0])}/s in the baseline, ${formatNumber(rates[1])}/s in the new run, with as many users. Users that wait for slower responses send fewer requests.`;
  return [{ code: 'rate-differs', message }];
}

export function meanUsers({ window: { points } }: Pick<WindowedRun, 'window'>): number {
  return mean(points.map(({ users }) => users));
}

export function meanRate({ window: { points } }: Pick<WindowedRun, 'window'>): number {
  return mean(points.map(({ requests }) => requests));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function differ([a, b]: readonly [number, number], share: number): boolean {
  return Math.abs(a - b) > share * Math.max(a, b);
}

function differentSetting(baseline: RunResult, compared: RunResult): Remark[] {
  const remarks: Remark[] = [];
  const compare = (code: Remark['code'], what: string, of: (result: RunResult) => string): void => {
    const [before, after] = [of(baseline), of(compared)];
    if (before !== after)
      remarks.push({ code, message: `${what} differ: ${before} in the baseline, ${after} in the new run.` });
  };
  compare('scenario-differs', 'The scenarios', ({ run }) => run.scenario);
  compare('target-differs', 'The targets', ({ run }) => run.target ?? 'none');
  compare('machines-differ', 'The machines', ({ workers }) =>
    [...new Set(workers.map(({ machine }) => (machine ? `${machine.cores} × ${machine.cpu}` : 'unknown')))]
      .sort()
      .join(', '),
  );
  compare('version-differs', 'The versions of Drumline', ({ run }) => run.drumline);
  return remarks;
}

function doubts({ name, result }: WindowedRun): Remark[] {
  const codes = [...new Set(result.notes.map(({ code }) => code))].filter((code) => DOUBTFUL.includes(code));
  if (codes.length === 0) return [];
  return [
    { code: 'run-notes', message: `The ${name} has notes that affect its figures: ${codes.join(', ')}.` },
  ];
}
