// The process that reads a scenario for `drumline serve`. The scenario host, which is its child,
// executes the code of the scenario.
import { readFileSync } from 'node:fs';
import {
  DrumlineError,
  parameterKind,
  ProblemsError,
  stackOf,
  thresholdName,
  type ParameterSpec,
  type PlanProblem,
} from '@drumline/model';
import {
  bundleScenario,
  ScenarioHost,
  type CheckedScenario,
  type ScenarioDescription,
} from '@drumline/scenario/project';
import type { PlanWishes, ScenarioSource } from '@drumline/master';
import type { ParameterView, ScenarioView } from '@drumline/wire';
import { lengthText, loadRows } from '../../view/plan-load.js';
import { commentAtStart } from './comment-at-start.js';
import type { ReaderReply, ReaderRequest } from './messages.js';
import { readWishes } from './read-wishes.js';

process.once('message', (request: ReaderRequest) => {
  void read(request)
    .catch(failureOf)
    .then((reply) => process.send!(reply));
});
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();

async function read({ source, wishes }: ReaderRequest): Promise<ReaderReply> {
  return wishes ? { checked: await plan(source, wishes) } : { description: await describe(source) };
}

async function describe(source: ScenarioSource): Promise<Omit<ScenarioView, 'path'>> {
  const { file, isUploaded } = source;
  const bundle = await bundleScenario(file, [], isUploaded);
  const host = new ScenarioHost(() => {});
  try {
    return viewOf(await host.describe(bundle, file), source);
  } finally {
    host.close();
  }
}

/** @throws ProblemsError with the problems of the options and those of the scenario */
async function plan(source: ScenarioSource, wishes: PlanWishes): Promise<CheckedScenario> {
  const { overrides, secrets, problems } = await readWishes(wishes);
  const host = new ScenarioHost(() => {}, secrets);
  try {
    const bundle = await bundleScenario(source.file, [], source.isUploaded);
    const checked = await host.readPlan(bundle, source.file, overrides);
    if (problems.length > 0) throw problemsOf(source.name, problems);
    return { ...checked, secrets: { ...secrets, ...checked.secrets } };
  } catch (error) {
    if (!(error instanceof DrumlineError) || problems.length === 0) throw error;
    const others = error instanceof ProblemsError ? error.problems : [problemOf(source.name, error)];
    throw problemsOf(source.name, [...new Set([...problems, ...others])]);
  } finally {
    host.close();
  }
}

function problemOf(where: string, { message, hint }: DrumlineError): PlanProblem {
  return { where, message, hint };
}

function problemsOf(name: string, problems: readonly PlanProblem[]): ProblemsError {
  const lines = problems.map(({ where, message }) => `${where}: ${message}`);
  return new ProblemsError(`${name} cannot be started: ${lines.join('; ')}`, problems);
}

function viewOf(
  description: ScenarioDescription,
  { file, name }: ScenarioSource,
): Omit<ScenarioView, 'path'> {
  const { plan: planned, parameters, problems, target } = description;
  const comment = commentAtStart(readFileSync(file, 'utf8'));
  return {
    name: description.name ?? name,
    ...(comment !== '' && { description: comment }),
    ...(target !== undefined && { target }),
    parameters: parameters.map(({ name: parameter, spec }) => parameterView(parameter, spec)),
    userTypes: (planned?.userTypes ?? []).map(({ name: type, weight, tasks }) => ({
      name: type,
      weight,
      tasks: [...tasks],
    })),
    load: planned ? loadRows(planned).map(([, sentence]) => sentence!) : [],
    ...(planned && { length: lengthText(planned) }),
    thresholds: (planned?.thresholds ?? []).map(thresholdName),
    problems: problems.map(({ where, message, hint }) => ({
      where,
      message,
      ...(hint !== undefined && { hint }),
    })),
  };
}

/** JavaScript authors may have declared anything. Its problems are reported with the plan. */
type Declared = Readonly<Partial<Record<keyof ParameterSpec, unknown>>>;

function parameterView(name: string, spec: ParameterSpec): ParameterView {
  const { choices, min, max, required, secret, env, help, default: value }: Declared = spec;
  const isKnown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return {
    name,
    kind: parameterKind(spec),
    ...(isKnown && secret !== true && { default: value }),
    ...(Array.isArray(choices) && { choices: choices.map(String) }),
    ...textOf('min', min),
    ...textOf('max', max),
    required: required === true && value === undefined,
    secret: secret === true,
    ...textOf('env', env),
    ...textOf('help', help),
  };
}

function textOf<N extends string>(name: N, value: unknown): Partial<Record<N, string>> {
  const isText = typeof value === 'string' || typeof value === 'number';
  return (isText ? { [name]: String(value) } : {}) as Partial<Record<N, string>>;
}

function failureOf(error: unknown): ReaderReply {
  if (error instanceof DrumlineError) {
    const { exit, message, hint } = error;
    const problems = error instanceof ProblemsError ? error.problems : undefined;
    return { exit, message, hint, problems };
  }
  return { exit: 'internal', message: stackOf(error) };
}
