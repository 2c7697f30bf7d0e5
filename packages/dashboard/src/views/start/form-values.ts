import type { ParameterView, ProblemView, ScenarioStart } from '@drumline/client';

/** What can be set about the load, by the kind of load that is chosen. */
export const LOADS = {
  '': { title: 'as in the scenario', options: ['run-time'] },
  users: { title: 'a number of users', options: ['users', 'spawn-rate', 'stage', 'run-time'] },
  rate: { title: 'iterations per second', options: ['rate', 'max-users', 'stage', 'run-time'] },
  arrivals: { title: 'arriving users per second', options: ['arrivals', 'max-users', 'stage', 'run-time'] },
  iterations: { title: 'a number of iterations', options: ['iterations', 'users', 'run-time'] },
} as const;

export type LoadKind = keyof typeof LOADS;
type LoadOption = (typeof LOADS)[LoadKind]['options'][number];

/** The options that overwrite the load, as on the command line. */
export const LOAD_OPTIONS: Readonly<
  Record<LoadOption, { readonly title: string; readonly example: string; readonly isNumber?: true }>
> = {
  users: { title: 'Users', example: '50', isNumber: true },
  'spawn-rate': { title: 'Started per second', example: 'all at once', isNumber: true },
  rate: { title: 'Rate', example: '200/s' },
  arrivals: { title: 'Rate', example: '50/s' },
  'max-users': { title: 'At most users', example: 'no limit', isNumber: true },
  iterations: { title: 'Iterations', example: '1000', isNumber: true },
  stage: { title: 'Stages', example: '2m:500, 5m:500, 30s:0' },
  'run-time': { title: 'Length', example: '5m' },
};

/**
 * The values of the form. They are in the URL, so that a link shares them. Secrets are not among
 * them.
 */
export type Values = Readonly<Record<string, string>>;

/** Names of the fields in the URL. */
export const field = {
  option: (name: string): string => `o.${name}`,
  parameter: (name: string): string => `p.${name}`,
};

/** Secrets of the scenario, each in a row of the form. */
export interface SecretRow {
  readonly name: string;
  readonly value: string;
}

export function loadKindOf(values: Values): LoadKind {
  const kind = values['load'] ?? '';
  return kind in LOADS ? (kind as LoadKind) : '';
}

/** Lines or commas separate labels: `branch=main, team=pay`. */
function labelsOf(text: string): Record<string, string> {
  const pairs = text
    .split(/[\n,]/)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), value.join('=').trim()];
    });
  return Object.fromEntries(pairs);
}

/** What is wrong with labels; undefined if nothing is. */
export function labelProblem(text: string): string | undefined {
  const wrong = Object.entries(labelsOf(text)).find(([name, value]) => name === '' || value === '');
  return wrong && `'${wrong.join('=')}' is not NAME=VALUE`;
}

/** The request that starts the run, without its source. */
export function startOf(
  values: Values,
  parameters: readonly ParameterView[],
  secrets: { readonly parameters: Values; readonly rows: readonly SecretRow[] },
): Omit<ScenarioStart, 'path' | 'upload'> {
  const options = ['target', 'threshold', ...LOADS[loadKindOf(values)].options].flatMap((name) => {
    const value = values[field.option(name)] ?? '';
    return value.trim() === '' ? [] : [[name, value] as const];
  });
  const given = parameters.flatMap(({ name, secret }) => {
    const value = (secret ? secrets.parameters[name] : values[field.parameter(name)]) ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  const rows = secrets.rows.filter(({ name, value }) => name !== '' || value !== '');
  const labels = labelsOf(values['labels'] ?? '');
  const { workers = '', wait = '', hold } = values;
  return {
    ...(options.length > 0 && { options: Object.fromEntries(options) }),
    ...(given.length > 0 && { parameters: Object.fromEntries(given) }),
    ...(rows.length > 0 && { secrets: Object.fromEntries(rows.map(({ name, value }) => [name, value])) }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(workers !== '' && { workers: Number(workers) }),
    ...(wait.trim() !== '' && { maxWait: wait }),
    ...(hold === 'true' && { autostart: false }),
  };
}

/** Fields that are not options of the plan, by the option of the command line. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  '--max-wait': 'wait',
  '--labels': 'labels',
  '--workers': 'workers',
};

/** The titles of fields that are not parameters, by their names. */
export const TITLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(LOAD_OPTIONS).map(([name, { title }]) => [field.option(name), title])),
  [field.option('target')]: 'Target',
  [field.option('threshold')]: 'Threshold',
  labels: 'Labels',
  workers: 'Workers',
  wait: 'Waits at most',
  secrets: 'Secrets',
};

/** The name of the field that a problem is about; undefined if it is about the scenario. */
export function fieldOf({ where }: ProblemView): string | undefined {
  const [, parameter] = /^--param (\w+)/.exec(where) ?? /^param\('(\w+)'\)/.exec(where) ?? [];
  if (parameter !== undefined) return field.parameter(parameter);
  if (where.startsWith('--secret')) return 'secrets';
  const own = OWN_FIELDS[where];
  if (own !== undefined) return own;
  if (where === 'target') return field.option('target');
  const [, option] = /^--([\w-]+)/.exec(where) ?? [];
  return option === undefined ? undefined : field.option(option);
}
