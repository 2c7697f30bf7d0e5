import {
  closest,
  DrumlineError,
  isSecretName,
  messageOf,
  MIN_SECRET_LENGTH,
  type GivenParameters,
  type PlanOverrides,
  type PlanProblem,
  type Secrets,
} from '@drumline/model';
import type { PlanWishes } from '@drumline/master';
import { planOptions, readOverrides, type PlanArguments } from '../options/plan.js';

/** The options that a run from the page may have. Others name files of this machine. */
const ALLOWED = [
  'target',
  'users',
  'spawn-rate',
  'rate',
  'arrivals',
  'max-users',
  'iterations',
  'stage',
  'random',
  'seed',
  'run-time',
  'stop-timeout',
  'tags',
  'exclude-tags',
  'max-series',
  'failure-samples',
  'threshold',
  'abort-on',
] as const satisfies readonly (keyof typeof planOptions)[];

/** What a run shall be, as far as it can be read, and every problem of the rest. */
export interface ReadWishes {
  readonly overrides: PlanOverrides;
  readonly secrets: Secrets;
  readonly problems: readonly PlanProblem[];
}

/** Reads texts as the command line reads its options. */
export async function readWishes(wishes: PlanWishes): Promise<ReadWishes> {
  const { options = {}, parameters = {}, secrets = {}, labels = {} } = wishes;
  const problems: PlanProblem[] = [];
  const args: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(options)) {
    if (text.trim() === '') continue;
    try {
      args[camelCase(name)] = readOption(name, text.trim());
    } catch (error) {
      problems.push(problemOf(name, error));
    }
  }
  const given: GivenParameters = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, { value, where: `--param ${name}` }]),
  );
  for (const [name, value] of Object.entries(secrets)) problems.push(...secretProblems(name, value));
  const valid = Object.entries(secrets).filter(([name, value]) => secretProblems(name, value).length === 0);
  return {
    overrides: {
      ...(await readOverrides(args as PlanArguments)),
      labels: Object.keys(labels).length === 0 ? undefined : labels,
      parameters: given,
    },
    secrets: Object.fromEntries(valid),
    problems,
  };
}

/** @throws DrumlineError `usage` */
function readOption(name: string, text: string): unknown {
  const known = ALLOWED.find((allowed) => allowed === name);
  if (known === undefined) {
    const meant = closest(name, ALLOWED);
    throw new DrumlineError(
      'usage',
      `--${name}: there is no such option`,
      meant === undefined ? `Options: ${ALLOWED.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  const option = planOptions[known];
  if (option.type === 'boolean') return text === 'true';
  const read = option.read as (value: unknown) => unknown;
  return read(option.type === 'number' ? Number(text) : text);
}

function problemOf(name: string, error: unknown): PlanProblem {
  const where = `--${name}`;
  const message = messageOf(error).replace(`${where}: `, '');
  const hint = error instanceof DrumlineError ? error.hint : undefined;
  return { where, message, hint };
}

function secretProblems(name: string, value: string): PlanProblem[] {
  const where = `--secret ${name}`;
  if (!isSecretName(name))
    return [{ where, message: 'names have letters, digits and _, and do not begin with a digit' }];
  if (value.length >= MIN_SECRET_LENGTH) return [];
  const message = `a secret with fewer than ${MIN_SECRET_LENGTH} characters cannot be distinguished from ordinary text`;
  return [{ where, message }];
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
