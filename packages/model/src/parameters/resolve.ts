import { findUnknownKeys, optionKeys } from '../option-keys.js';
import type { PlanProblem } from '../plan.js';
import { isSecretName, MIN_SECRET_LENGTH, type Secrets } from '../secrets/secrets.js';
import { closest } from '../suggest.js';
import { parseDuration } from '../units.js';
import type {
  GivenParameter,
  GivenParameters,
  ParameterFacts,
  ParameterKind,
  ParameterSource,
  ParameterSpec,
  ParameterValue,
} from './parameter.js';

const KINDS: readonly ParameterKind[] = ['text', 'number', 'boolean', 'duration'];

const PARAMETER_KEYS = optionKeys<ParameterSpec>({
  kind: true,
  default: true,
  choices: true,
  min: true,
  max: true,
  required: true,
  secret: true,
  env: true,
  help: true,
});

/** The value of a parameter, and every problem of its declaration and value. */
export interface ResolvedParameter {
  /** Undefined if it has no value, or none that is valid. */
  readonly value: ParameterValue | undefined;
  readonly source: ParameterSource;
  readonly problems: readonly PlanProblem[];
}

/**
 * Chooses the value of a parameter: given by name, else the environment variable, else the default.
 * @param given value from the command line or a file
 * @param variable value of the variable that the parameter names
 */
export function resolveParameter(
  name: string,
  spec: ParameterSpec,
  given: GivenParameter | undefined,
  variable: string | undefined,
): ResolvedParameter {
  const declared = findDeclarationProblems(name, spec);
  if (declared.length > 0) return { value: spec.default, source: 'default', problems: declared };
  const from =
    given ??
    (variable === undefined || variable === ''
      ? undefined
      : { value: variable, where: `environment variable ${spec.env}` });
  if (from === undefined) {
    const problems = spec.required === true && spec.default === undefined ? [missing(name, spec)] : [];
    return { value: spec.default, source: spec.default === undefined ? 'unset' : 'default', problems };
  }
  const source = given === undefined ? 'environment' : 'given';
  const read = readValue(from.value, spec);
  if ('value' in read) return { value: read.value, source, problems: [] };
  return { value: spec.default, source, problems: [{ where: from.where, ...read }] };
}

/** The problem of a given name that the scenario does not declare. */
export function unknownParameter(
  name: string,
  { where }: GivenParameter,
  declared: readonly string[],
): PlanProblem {
  const meant = closest(name, declared);
  const known =
    declared.length === 0
      ? `declare it: const ${isSecretName(name) ? name : 'items'} = param('${name}', { default: … })`
      : `parameters: ${declared.join(', ')}`;
  return {
    where,
    message: `the scenario has no parameter '${name}'`,
    hint: meant === undefined ? known : `did you mean ${meant}?`,
  };
}

/** The values of secret parameters of a stored run, which does not contain them. */
export function secretParameters(
  facts: readonly ParameterFacts[],
  given: GivenParameters,
  environment: Readonly<Record<string, string | undefined>>,
): Secrets {
  const found: Record<string, string> = {};
  for (const { name, secret, env } of facts) {
    const value = given[name]?.value ?? (env === undefined ? undefined : environment[env]);
    if (secret === true && typeof value === 'string' && value !== '') found[name] = value;
  }
  return found;
}

/** What a parameter holds: its `kind`, else the type of its default or choices. */
export function parameterKind({ kind, default: value, choices }: ParameterSpec): ParameterKind {
  if (kind !== undefined) return kind;
  const example = value ?? choices?.[0];
  return typeof example === 'number' ? 'number' : typeof example === 'boolean' ? 'boolean' : 'text';
}

function missing(name: string, { env, help }: ParameterSpec): PlanProblem {
  const variable = env === undefined ? '' : `, or set the environment variable ${env}`;
  return {
    where: `param('${name}')`,
    message: `has no value${help === undefined ? '' : ` (${help})`}`,
    hint: `pass --param ${name}=…${variable}`,
  };
}

type Problem = Omit<PlanProblem, 'where'>;

/** Reads a value of the parameter's kind. Text is parsed; other values must have the right type. */
function readValue(value: unknown, spec: ParameterSpec): { value: ParameterValue } | Problem {
  const { choices, min, max } = spec;
  const kind = parameterKind(spec);
  const parsed = parse(value, kind);
  const shown = spec.secret === true ? 'the value' : (JSON.stringify(value) ?? String(value));
  if (parsed === undefined) return { message: `${shown} is not ${NOUNS[kind]}`, hint: EXAMPLES[kind] };
  if (choices !== undefined && !choices.includes(parsed as string)) {
    const meant = closest(String(parsed), choices.map(String));
    const list = `choices: ${choices.join(', ')}`;
    return {
      message: `${shown} is not a choice`,
      hint: meant === undefined ? list : `did you mean ${meant}? (${list})`,
    };
  }
  const amount = amountOf(parsed, kind);
  if (min !== undefined && amount < amountOf(min, kind))
    return { message: `${shown} is less than the minimum of ${min}` };
  if (max !== undefined && amount > amountOf(max, kind))
    return { message: `${shown} is more than the maximum of ${max}` };
  if (spec.secret === true && String(parsed).length < MIN_SECRET_LENGTH) {
    return {
      message: `a secret with fewer than ${MIN_SECRET_LENGTH} characters cannot be distinguished from ordinary text`,
    };
  }
  return { value: parsed };
}

const NOUNS: Readonly<Record<ParameterKind, string>> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  duration: 'a duration',
};

const EXAMPLES: Readonly<Record<ParameterKind, string | undefined>> = {
  text: undefined,
  number: 'write for example 20 or 0.5',
  boolean: 'write true or false',
  duration: 'write for example 500ms, 30s, 5m or 1h30m',
};

function parse(value: unknown, kind: ParameterKind): ParameterValue | undefined {
  switch (kind) {
    case 'text':
      return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    }
    case 'boolean':
      return value === 'true'
        ? true
        : value === 'false'
          ? false
          : typeof value === 'boolean'
            ? value
            : undefined;
    case 'duration':
      return isDuration(value) ? value : undefined;
  }
}

function isDuration(value: unknown): value is string | number {
  try {
    parseDuration(value as string);
    return true;
  } catch {
    return false;
  }
}

/** A number that limits can be compared with. */
function amountOf(value: ParameterValue, kind: ParameterKind): number {
  return kind === 'duration' ? parseDuration(value as string) : Number(value);
}

/** JavaScript authors have no compiler, so nothing about the declaration is assumed. */
function findDeclarationProblems(name: string, spec: ParameterSpec): PlanProblem[] {
  const where = `param('${String(name as unknown)}')`;
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec))
    return [{ where, message: 'the options must be an object', hint: `param('${name}', { default: 3 })` }];
  const problems: Problem[] = [];
  if (!isSecretName(name))
    problems.push({ message: 'names have letters, digits and _, and do not begin with a digit' });
  for (const { key, hint } of findUnknownKeys(spec, PARAMETER_KEYS))
    problems.push({ message: `${key} is not an option`, hint });
  if (spec.kind !== undefined && !KINDS.includes(spec.kind))
    problems.push({
      message: `'${String(spec.kind as unknown)}' is not a kind`,
      hint: `kinds: ${KINDS.join(', ')}`,
    });
  if (spec.choices !== undefined && !(Array.isArray(spec.choices) && spec.choices.length > 0))
    problems.push({ message: 'choices must be a list with at least one value' });
  const kind = parameterKind(spec);
  if (spec.secret === true && kind !== 'text') problems.push({ message: 'a secret must be text' });
  for (const end of ['min', 'max'] as const) {
    const limit = spec[end];
    if (limit === undefined) continue;
    if (kind !== 'number' && kind !== 'duration')
      problems.push({ message: `${end} needs a number or a duration`, hint: "set kind: 'number'" });
    else if (parse(limit, kind) === undefined)
      problems.push({ message: `${end} is not ${NOUNS[kind]}`, hint: EXAMPLES[kind] });
  }
  if (problems.length === 0 && spec.default !== undefined) {
    const { default: value, ...rest } = spec;
    const read = readValue(value, { ...rest, kind });
    if (!('value' in read)) problems.push({ ...read, message: `default: ${read.message}` });
    // Text would hide a number of the wrong type from the compiler.
    else if (read.value !== value)
      problems.push({ message: `default: ${JSON.stringify(value)} is not ${NOUNS[kind]}` });
  }
  return problems.map((problem) => ({ where, ...problem }));
}
