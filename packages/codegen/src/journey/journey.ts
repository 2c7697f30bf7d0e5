import { Code, type Value } from '../code/code.js';
import { Names, Scope } from '../code/names.js';
import { correlate } from '../correlation/correlate.js';
import type { ScenarioDraft, Statement } from '../code/draft.js';
import { placeRequests, type PlacementOptions } from '../recording/placement.js';
import { extractAuthorization } from '../recording/authorization.js';
import { nameHosts } from '../recording/hosts.js';
import { Secrets } from '../recording/secrets.js';
import { AT_TARGET, placeAt, requestOf, type Place, type Step, type Values } from '../recording/step.js';
import { taskNameOf } from '../recording/task-name.js';
import type { UnsetVariables } from '../recording/variables.js';
import { joinForms, extractLogin, waitOf, type Visit } from './visits.js';

/** The requests of one visit or of a list of commands, in order. */
export interface Journey {
  /** Sentences for the top of the file. */
  readonly about: readonly string[];
  /** Sentences that `drumline new` prints and that are not part of the file. */
  readonly hints: readonly string[];
  /** Origin of the target. */
  readonly target: string;
  readonly visits: readonly Visit[];
  /** Settings of all requests. */
  readonly http: Values;
  readonly imports: ScenarioDraft['imports'];
  /** Whether requests must not get credentials of other requests. */
  readonly isExact?: boolean;
  readonly variables?: UnsetVariables;
}

export interface JourneyOptions extends PlacementOptions {
  readonly keepSecrets: boolean;
}

const USER = 'visitor';

/** Converts a journey to a scenario with one user type. */
export function draftOf(journey: Journey, options: JourneyOptions): ScenarioDraft {
  const { login, visits } = extractLogin(joinForms(journey.visits));
  const scope = moduleScope(journey);
  const { functions, state } = correlate([login, ...visits.map(({ steps }) => steps)], scope);
  const secrets = new Secrets(options.keepSecrets, scope, journey.variables);
  const authorization = extractAuthorization(functions.flat(), secrets, {
    isExact: journey.isExact === true,
  });
  const concealed = functions.map((steps) =>
    steps.map((step) => secrets.concealIn(authorization.apply(step))),
  );
  const constants = secrets.all.map(({ constant }) => constant);
  const headers = commonHeaders(concealed.flat(), constants);
  const settings = secrets.concealSettings(journey.http);
  const origins = concealed.flat().map(({ origin }) => origin);
  const placement = placeRequests(origins, journey.target, options);
  const hosts = nameHosts(
    origins.filter((origin) => !placement.followsTarget(origin)),
    scope,
  );
  const statements = (steps: readonly Step[]): Statement[] =>
    steps.flatMap((step) => statementsOf(withoutShared(step, headers), placeOf(step, hosts)));
  const [start = [], ...tasks] = concealed;
  const names = new Names();
  return {
    about: [...journey.about, ...placement.about],
    hints: journey.hints,
    target: journey.target,
    secrets: secrets.all,
    environment: secrets.environment,
    imports: journey.imports,
    hosts: Object.fromEntries([...hosts].map(([origin, name]) => [name, origin])),
    http: { ...settings, ...(Object.keys(headers).length > 0 && { headers }) },
    user: {
      name: USER,
      state,
      waitMs: waitOf(visits),
      onStart: [...authorization.onStart, ...statements(start)],
      tasks: tasks.map((steps) => ({ name: names.take(taskNameOf(steps)), statements: statements(steps) })),
      inOrder: tasks.length > 1,
    },
  };
}

/** The scope of the module, with the names of the user and the imports. */
function moduleScope({ imports }: Journey): Scope {
  const scope = new Scope();
  for (const name of [USER, ...imports.map(({ what }) => what)]) scope.take(name);
  return scope;
}

/** Headers that all requests share; empty for a single request. */
function commonHeaders(steps: readonly Step[], constants: readonly string[]): Values {
  const [first, ...others] = steps;
  if (first === undefined || others.length === 0) return {};
  const isShared = ([name, value]: [string, Value]): boolean =>
    name !== 'content-type' &&
    (typeof value === 'string' || (value instanceof Code && constants.includes(value.text))) &&
    others.every(({ headers }) => sameText(headers[name], value));
  return Object.fromEntries(Object.entries(first.headers).filter(isShared));
}

function sameText(one: Value | undefined, other: Value): boolean {
  if (one instanceof Code && other instanceof Code) return one.text === other.text;
  return one === other;
}

function withoutShared(step: Step, shared: Values): Step {
  const own = Object.entries(step.headers).filter(([name]) => !(name in shared));
  return { ...step, headers: Object.fromEntries(own) };
}

function placeOf({ origin }: Step, hosts: ReadonlyMap<string, string>): Place {
  const name = hosts.get(origin);
  return name === undefined ? AT_TARGET : placeAt(new Code(name));
}

function statementsOf(step: Step, place: Place): Statement[] {
  const request: Statement = { kind: 'request', request: requestOf(step, place), into: step.into };
  return [...(step.before ?? []), request, ...(step.after ?? [])];
}
