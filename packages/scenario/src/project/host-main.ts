// Entry point of the scenario host. It keeps the user's code out of the master's process.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  DrumlineError,
  messageOf,
  ProblemsError,
  stackOf,
  type ParameterValue,
  type Plan,
  type PlanProblem,
} from '@drumline/model';
import type { Scenario, ScenarioSpec } from '../index.js';
import { loadBundle } from '../runtime/load.js';
import { tidyStack } from '../runtime/stack.js';
import { installEnvironment } from '../runtime/environment.js';
import { installParameters, ParameterResolver } from '../runtime/parameters.js';
import { installSecrets } from '../runtime/secrets.js';
import { readGrpc } from './grpc.js';
import type {
  DescribeRequest,
  HookCall,
  HostReply,
  HostRequest,
  LoadRequest,
  PlanRequest,
  ScenarioDescription,
} from './host-protocol.js';
import { mentionedVariables, ownLines, ownWords } from './own-code.js';
import { findShapeWarnings, isShape } from './load/shape.js';
import { findWaitWarnings } from './load/warnings.js';
import { findPlanWarnings } from './plan-warnings.js';
import { shapeAnswerOf } from './shape-answer.js';
import { placesOf } from './source-place.js';
import { planOf, problemsError } from './plan.js';
import { findFewRows, findRowProblems } from './tables/row-problems.js';
import { readReplays } from './replay/read-replay.js';
import { buildTables } from './tables/build-tables.js';
import { declaredReplays, declaredTables } from '../runtime/tables/declarations.js';

type PlanReply = Extract<HostReply, { plan: Plan }>;

let scenario: Promise<Scenario> | undefined;
let parameterValues: Readonly<Record<string, ParameterValue>> = {};

process.on('message', (request: HostRequest) => {
  answer(request).then(
    (reply) => process.send!(reply),
    (error: unknown) => process.send!(failure(request.id, error)),
  );
});
process.on('disconnect', () => process.exit());
// The master may have died before the handler was installed.
if (!process.connected) process.exit();
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function answer(request: HostRequest): Promise<HostReply> {
  if (request.kind === 'plan') return { id: request.id, ...(await readPlan(request.id, request)) };
  if (request.kind === 'describe') return { id: request.id, description: await describe(request) };
  if (request.kind === 'shape') {
    const { load: shape } = (await scenario)!.spec;
    if (!isShape(shape)) throw new Error('the load of the scenario is not shape(…)');
    const answer: unknown = await shape.decide({ ...request.context, parameters: parameterValues });
    return { id: request.id, answer: shapeAnswerOf(answer) };
  }
  if (request.kind === 'load') {
    installParameters(request.parameters);
    parameterValues = request.parameters ?? {};
    await load(request);
  } else await runHook((await scenario)!.spec.onMaster, request);
  return { id: request.id, done: true };
}

async function runHook(hooks: ScenarioSpec['onMaster'], { event, context }: HookCall): Promise<void> {
  // The compiler does not see that the context is that of the event.
  await (hooks?.[event] as ((context: HookCall['context']) => unknown) | undefined)?.(context);
}

function load({
  bundle,
  path,
  environment,
  secrets,
}: Omit<LoadRequest, 'kind' | 'parameters'>): Promise<Scenario> {
  installSecrets(secrets);
  installEnvironment(environment);
  scenario = loadBundle(bundle, basename(path));
  return scenario;
}

/** What the scenario declares, as far as its code can be executed. */
async function describe(request: DescribeRequest & { id: number }): Promise<ScenarioDescription> {
  const resolver = new ParameterResolver({}, process.env, request.secrets);
  const planned = await readPlan(request.id, request, resolver).catch((error: unknown) => error);
  const loaded = await scenario?.catch(() => undefined);
  const plan = planned instanceof Error ? undefined : (planned as PlanReply).plan;
  return {
    name: loaded && (loaded.spec.name ?? basename(request.path)),
    target: loaded?.spec.target,
    parameters: resolver.declared,
    plan,
    problems: plan ? [] : problemsIn(planned, basename(request.path)),
  };
}

function problemsIn(error: unknown, fileName: string): readonly PlanProblem[] {
  if (error instanceof ProblemsError) return error.problems;
  return [{ where: fileName, message: messageOf(error) }];
}

async function readPlan(
  id: number,
  { bundle, path, overrides, secrets }: Omit<PlanRequest, 'kind'>,
  resolver = new ParameterResolver(overrides.parameters ?? {}, process.env, secrets),
): Promise<Omit<PlanReply, 'id'>> {
  const fileName = basename(path);
  const environment = overrides.environment ?? {};
  const code = readFileSync(bundle, 'utf8');
  const lines = ownLines(code);
  const words = ownWords(lines);
  const variablesHere = mentionedVariables(words, process.env).filter(
    (name) => !Object.hasOwn(environment, name),
  );
  resolver.install();
  const loaded = await load({ bundle, path, environment, secrets }).catch((error: unknown) => {
    // The code may have thrown only because a parameter has no valid value.
    const { problemsSoFar } = resolver;
    throw problemsSoFar.length > 0 ? problemsError(fileName, problemsSoFar) : error;
  });
  const parameters = resolver.result();
  parameterValues = parameters.values;
  const { schemas, problems } = await readGrpc(dirname(path), overrides.target ?? loaded.spec.target);
  const seed = overrides.seed ?? newSeed();
  const data = await whileBusy(id, () => buildTables(declaredTables, dirname(path), seed));
  const replayProblems = await whileBusy(id, () => readReplays(declaredReplays, dirname(path)));
  const outcome = await planOf(loaded, fileName, overrides, {
    words,
    variablesHere,
    problems: [...parameters.problems, ...data.problems, ...replayProblems, ...problems],
    parameters,
    tables: data.tables,
    seed,
  });
  if ('problems' in outcome) throw problemsError(fileName, outcome.problems);
  const rows = findRowProblems(outcome.plan, loaded.spec.users);
  if (rows.length > 0) throw problemsError(fileName, rows);
  return {
    plan: outcome.plan,
    schemas,
    secrets: parameters.secrets,
    warnings: [
      ...findPlanWarnings(outcome.plan, { lines, placeOf: placesOf(code) }),
      ...findWaitWarnings(outcome.plan, loaded.spec),
      ...findFewRows(outcome.plan),
      ...findShapeWarnings(outcome.plan, loaded.spec.load),
    ],
  };
}

/** How often the master hears that the host is still reading files. */
const BUSY_EVERY_MS = 1_000;

/** Large files may take longer than the time limit of the scenario's top-level code. */
async function whileBusy<T>(id: number, read: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => process.send!({ id, busy: true } satisfies HostReply), BUSY_EVERY_MS);
  try {
    return await read();
  } finally {
    clearInterval(timer);
  }
}

function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

function failure(id: number, error: unknown): HostReply {
  if (error instanceof DrumlineError) {
    const { message, hint } = error;
    const problems = error instanceof ProblemsError ? error.problems : undefined;
    return { id, exit: 'scenario-invalid', message, hint, problems };
  }
  return { id, exit: 'setup-failed', message: `${messageOf(error)}\n${tidyStack(stackOf(error))}` };
}
