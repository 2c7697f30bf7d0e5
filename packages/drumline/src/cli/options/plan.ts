import { MAX_RUN_MS, MAX_SERIES_LIMIT, type PlanOverrides } from '@drumline/model';
import { targetUrl } from './address.js';
import { environmentOption } from './environment.js';
import { labelOption } from './labels.js';
import { parameterOptions, readParameters } from './parameters.js';
import { thresholdOptions } from './thresholds.js';
import { externalOption } from './external.js';
import { duration, positiveNumber, positiveDuration, wholeNumber, stringList } from './values.js';

const group = 'Load (overrides the scenario):';

/** Options that override the scenario. */
export const planOptions = {
  target: targetUrl('target', { alias: 'H', group, describe: 'Base URL of relative request URLs' }),
  users: wholeNumber('users', 1, { alias: 'u', group, describe: 'Number of users' }),
  'spawn-rate': positiveNumber('spawn-rate', {
    alias: 'r',
    group,
    describe: 'Users started per second, with --users; without it, all start at once',
  }),
  'run-time': positiveDuration(
    'run-time',
    { alias: 't', group, describe: 'Length of the run: 30s, 5m, 1h30m' },
    MAX_RUN_MS,
  ),
  'stop-timeout': duration('stop-timeout', {
    group,
    describe: 'How long running tasks may take to finish when the run stops',
    defaultDescription: 'from the scenario, else 30s',
  }),
  tags: stringList({ group, describe: 'Run only tasks with one of these tags' }),
  'max-series': wholeNumber(
    'max-series',
    1,
    {
      group,
      describe:
        'Maximum number of series (combinations of request name and tags); further ones are counted as (other)',
      defaultDescription: '1000',
    },
    MAX_SERIES_LIMIT,
  ),
  'exclude-tags': stringList({ group, describe: 'Skip tasks with one of these tags' }),
  ...parameterOptions,
  ...thresholdOptions,
  env: environmentOption,
  label: labelOption,
  external: externalOption,
} as const;

interface PlanArguments {
  target?: string | undefined;
  users?: number | undefined;
  spawnRate?: number | undefined;
  runTime?: number | undefined;
  stopTimeout?: number | undefined;
  tags?: string[] | undefined;
  excludeTags?: string[] | undefined;
  maxSeries?: number | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  label?: Readonly<Record<string, string>> | undefined;
  threshold?: string[] | undefined;
  abortOn?: string[] | undefined;
  external?: string[] | undefined;
  param?: string[] | undefined;
  params?: string | undefined;
}

/** @throws DrumlineError `usage` if a parameter cannot be read */
export async function readOverrides(args: PlanArguments): Promise<PlanOverrides> {
  return {
    target: args.target,
    users: args.users,
    spawnRate: args.spawnRate,
    runTimeMs: args.runTime,
    stopTimeoutMs: args.stopTimeout,
    tags: args.tags,
    excludeTags: args.excludeTags,
    maxSeries: args.maxSeries,
    environment: args.env,
    labels: args.label,
    thresholds: args.threshold,
    abortOn: args.abortOn,
    external: args.external,
    parameters: await readParameters(args),
  };
}
