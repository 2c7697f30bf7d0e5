import {
  MAX_FAILURE_SAMPLES,
  MAX_RUN_MS,
  MAX_SERIES_LIMIT,
  type PlanOverrides,
  type StageOverride,
} from '@drumline/model';
import { targetUrl } from './address.js';
import { environmentOption } from './environment.js';
import { labelOption } from './labels.js';
import { parameterOptions, readParameters } from './parameters.js';
import { thresholdOptions } from './thresholds.js';
import { externalOption } from './external.js';
import { rate, stages } from './load.js';
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
  rate: rate('rate', {
    group,
    describe: 'Iterations started per second, on users that stay: 200/s, 1200/m, 3/20s',
  }),
  arrivals: rate('arrivals', {
    group,
    describe: 'New users per second, each for one iteration: 50/s, 100/m',
  }),
  'max-users': wholeNumber('max-users', 1, {
    group,
    describe: 'The most users at a time, with --rate or --arrivals; what exceeds it is dropped',
  }),
  iterations: wholeNumber('iterations', 1, {
    group,
    describe: 'Number of iterations, shared by --users (default 1); the run ends when all are done',
  }),
  stage: stages('stage', {
    group,
    describe: 'DURATION:USERS or DURATION:RATE, a linear change; repeat it: --stage 2m:500, --stage 2m:200/s',
  }),
  random: {
    type: 'boolean',
    group,
    describe: 'Start at random times with the mean rate of --rate or --arrivals (a Poisson process)',
  },
  seed: wholeNumber(
    'seed',
    0,
    {
      group,
      describe: 'Number from which random orders are computed',
      defaultDescription: 'drawn for each run',
    },
    0xffff_ffff,
  ),
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
  'failure-samples': wholeNumber(
    'failure-samples',
    0,
    {
      group: 'Output:',
      describe: 'Failed requests to keep of each error, with their responses, for the report; 0 turns it off',
      defaultDescription: '2',
    },
    MAX_FAILURE_SAMPLES,
  ),
  'exclude-tags': stringList({ group, describe: 'Skip tasks with one of these tags' }),
  ...parameterOptions,
  ...thresholdOptions,
  env: environmentOption,
  label: labelOption,
  external: externalOption,
} as const;

export interface PlanArguments {
  target?: string | undefined;
  users?: number | undefined;
  spawnRate?: number | undefined;
  rate?: number | undefined;
  arrivals?: number | undefined;
  maxUsers?: number | undefined;
  iterations?: number | undefined;
  stage?: StageOverride[] | undefined;
  random?: boolean | undefined;
  seed?: number | undefined;
  runTime?: number | undefined;
  stopTimeout?: number | undefined;
  tags?: string[] | undefined;
  excludeTags?: string[] | undefined;
  maxSeries?: number | undefined;
  failureSamples?: number | undefined;
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
    ratePerSecond: args.rate,
    arrivalsPerSecond: args.arrivals,
    maxUsers: args.maxUsers,
    iterations: args.iterations,
    stages: args.stage,
    random: args.random,
    seed: args.seed,
    runTimeMs: args.runTime,
    stopTimeoutMs: args.stopTimeout,
    tags: args.tags,
    excludeTags: args.excludeTags,
    maxSeries: args.maxSeries,
    failureSamples: args.failureSamples,
    environment: args.env,
    labels: args.label,
    thresholds: args.threshold,
    abortOn: args.abortOn,
    external: args.external,
    parameters: await readParameters(args),
  };
}
