import {
  DrumlineError,
  MAX_WAIT_MS,
  messageOf,
  type Duration,
  type GivenParameters,
  type PlanOverrides,
  type Secrets,
} from '@drumline/model';
import type { Option, OptionTable } from '../../cli/command.js';
import { clientOptions } from '../../cli/options/client.js';
import { givenOptions } from '../../cli/options/given.js';
import { readOverrides } from '../../cli/options/plan.js';
import {
  localRunOptions,
  planLocalRun,
  type LocalRun,
  type LocalRunArguments,
} from '../../cli/run/local-run.js';
import { readSecrets } from '../../cli/secrets/read.js';
import type { RunOrder, ServiceOptions, Stage } from '../options.js';

type Given = Omit<RunOrder, 'scenario' | 'logs' | 'parameters' | 'secrets' | 'reports' | 'service'>;
type Conversion = readonly [option: string, write?: (value: never) => unknown];

/** The option of `drumline run` that each option is, and how its value is written there. */
const OPTIONS: { readonly [K in keyof Required<Given>]: Conversion } = {
  target: ['target'],
  users: ['users'],
  spawnRate: ['spawn-rate'],
  rate: ['rate', perSecond],
  arrivals: ['arrivals', perSecond],
  maxUsers: ['max-users'],
  iterations: ['iterations'],
  stages: ['stage', writeStages],
  random: ['random'],
  seed: ['seed'],
  runTime: ['run-time'],
  stopTimeout: ['stop-timeout'],
  tags: ['tags'],
  excludeTags: ['exclude-tags'],
  maxSeries: ['max-series'],
  failureSamples: ['failure-samples'],
  env: ['env', pairs],
  labels: ['label', pairs],
  thresholds: ['threshold'],
  abortOn: ['abort-on'],
  external: ['external'],
  workers: ['workers'],
  lanes: ['lanes'],
  laneHeapMb: ['lane-heap'],
  onWorkerLost: ['on-worker-lost'],
  keepGoing: ['keep-going'],
  force: ['force'],
  untrusted: ['untrusted'],
  dataDir: ['data-dir'],
  outputs: ['out'],
};

/** Options of `drumline run` whose names differ from those of `startRun` in more than the case. */
const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(OPTIONS).map(([name, [option]]) => [option, name])),
  html: 'reports.html',
  json: 'reports.json',
  csv: 'reports.csv',
  junit: 'reports.junit',
  'summary-md': 'reports.summaryMd',
  api: 'service.url',
  'api-ca': 'service.ca',
  'api-token-file': 'service.token',
};

/** What the workers of a service have options of their own for. */
const LOCAL_ONLY = ['lanes', 'laneHeapMb', 'dataDir'] as const;

/** The values that the options of a run have. */
interface OrderValues {
  readonly args: LocalRunArguments;
  readonly overrides: PlanOverrides;
  readonly secrets: Secrets;
  /** Options for the report. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Plans the run that the options describe.
 * @throws DrumlineError `usage` with every invalid option; see `planLocalRun`
 */
export async function planEmbeddedRun(order: RunOrder): Promise<LocalRun> {
  try {
    const { args, overrides, secrets, given } = await readOrder(order, []);
    return await planLocalRun(args, { scenario: order.scenario, overrides, secrets, given });
  } catch (error) {
    throw withOptionNames(error);
  }
}

/**
 * Reads the options of a run that is submitted to a service.
 * @throws DrumlineError `usage` with every invalid option
 */
export async function readSubmittedOrder(
  order: RunOrder,
  service: ServiceOptions,
): Promise<OrderValues & { readonly url: string }> {
  try {
    const problems: string[] = [];
    for (const name of LOCAL_ONLY)
      if (order[name] !== undefined) problems.push(`${name}: a service and its workers have their own`);
    const url = attempt(problems, () => clientOptions.api.read(service.url))!;
    return { ...(await readOrder(order, problems)), url };
  } catch (error) {
    throw withOptionNames(error);
  }
}

/** @param problems those that were found before */
async function readOrder(order: RunOrder, problems: string[]): Promise<OrderValues> {
  const written = writtenOptions(order, problems);
  const args = readOptions(localRunOptions, written, problems) as unknown as LocalRunArguments;
  const secrets = attempt(problems, () => readSecrets({ secret: pairs(order.secrets ?? {}) })) ?? {};
  if (problems.length > 0) throw new DrumlineError('usage', problems.join('\n'));
  const overrides = { ...(await readOverrides(args)), parameters: parametersOf(order) };
  return { args, overrides, secrets, given: givenOptions(localRunOptions, written) };
}

/** Replaces `--run-time` by `runTime` in an error of the command line. */
export function withOptionNames(error: unknown): unknown {
  if (!(error instanceof DrumlineError)) return error;
  const { exit, message, hint } = error;
  return new DrumlineError(exit, nameOptions(message), hint && nameOptions(hint), { cause: error });
}

function nameOptions(text: string): string {
  return text
    .replaceAll(/--secret (?=\w)/g, 'secrets.')
    .replaceAll(/--([a-z]+(?:-[a-z]+)*)/g, (_, option: string) => NAMES[option] ?? camelCase(option));
}

function camelCase(option: string): string {
  return option.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The values that a command line would have for the options. */
function writtenOptions(order: RunOrder, problems: string[]): Record<string, unknown> {
  const { json, html = false, csv, junit, summaryMd } = order.reports ?? {};
  const written: Record<string, unknown> = {
    json,
    html,
    csv,
    junit,
    'summary-md': summaryMd,
    api: '127.0.0.1:0',
    store: order.dataDir !== undefined,
  };
  for (const [name, [option, write]] of Object.entries(OPTIONS)) {
    const value = order[name as keyof Given];
    if (value === undefined) continue;
    written[option] = write ? attempt(problems, () => write(value as never), name) : value;
  }
  return written;
}

/** Reads the options as a command does, and adds every problem. */
function readOptions(
  table: OptionTable,
  written: Readonly<Record<string, unknown>>,
  problems: string[],
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    const value = written[name] ?? option.default;
    if (value === undefined) continue;
    args[camelCase(name)] = attempt(problems, () => readOption(name, option, value));
  }
  return args;
}

/** @throws DrumlineError if the value is invalid */
function readOption(name: string, { read, type, choices }: Option, value: unknown): unknown {
  const invalid = (message: string): DrumlineError => new DrumlineError('usage', `--${name}: ${message}`);
  if (choices && !choices.includes(value as string))
    throw invalid(`'${String(value)}' is not one of ${choices.join(', ')}`);
  if (type === 'boolean' && typeof value !== 'boolean') throw invalid('must be true or false');
  return read ? read(value) : value;
}

/** @param place the option, if the errors do not name it */
function attempt<T>(problems: string[], read: () => T, place?: string): T | undefined {
  try {
    return read();
  } catch (error) {
    if (place === undefined && !(error instanceof DrumlineError)) throw error;
    problems.push(place === undefined ? messageOf(error) : `${place}: ${messageOf(error)}`);
    return undefined;
  }
}

function parametersOf({ parameters = {} }: RunOrder): GivenParameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, { value, where: `parameters.${name}` }]),
  );
}

function perSecond(rate: string | number): string {
  return typeof rate === 'number' ? `${rate}/s` : rate;
}

function writeStages(stages: readonly Stage[]): string[] {
  if (!Array.isArray(stages)) throw new TypeError('must be an array of { over, to }');
  return (stages as readonly Stage[]).map(({ over, to }) => `${writeDuration(over)}:${to}`);
}

function writeDuration(duration: Duration): string {
  if (typeof duration !== 'number') return duration;
  if (duration >= 0 && duration <= MAX_WAIT_MS) return `${duration}ms`;
  throw new RangeError(`${duration} is not a duration in milliseconds`);
}

function pairs(values: Readonly<Record<string, string>>): string[] {
  if (typeof values !== 'object' || Array.isArray(values)) throw new TypeError('must be an object');
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}
