import { Code, type Text, type Value } from '../code/code.js';
import { correlate } from '../correlation/correlate.js';
import type { ScenarioDraft, Statement } from '../draft.js';
import { takeAuthorization } from './authorization.js';
import { nameHosts } from './hosts.js';
import { Secrets } from './secrets.js';
import { requestOf, type Step, type Values } from './step.js';
import { taskNameOf } from './task-name.js';
import { joinForms, takeLogin, waitOf, type Visit } from './visits.js';
import { Names } from './words.js';

/** What one person did, in order. */
export interface Journey {
  /** What a reader of the file should know first, in sentences. */
  readonly about: readonly string[];
  /** What whoever makes the file should know, in sentences. */
  readonly hints: readonly string[];
  /** Origin of the site. */
  readonly target: string;
  readonly visits: readonly Visit[];
  /** Settings of all requests. */
  readonly http: Values;
  readonly imports: ScenarioDraft['imports'];
}

/** A journey as a scenario: one user type that does what the person did. */
export function draftOf(journey: Journey, { keepSecrets }: { keepSecrets: boolean }): ScenarioDraft {
  const { login, visits } = takeLogin(joinForms(journey.visits));
  const { functions, state } = correlate([login, ...visits.map(({ steps }) => steps)]);
  const secrets = new Secrets(keepSecrets);
  const authorization = takeAuthorization(functions.flat(), secrets);
  const concealed = functions.map((steps) =>
    steps.map((step) => secrets.concealIn(authorization.apply(step))),
  );
  const headers = commonHeaders(concealed.flat(), secrets.names);
  const settings = secrets.concealSettings(journey.http);
  const origins = concealed.flat().map(({ origin }) => origin);
  const hosts = nameHosts(
    origins.filter((origin) => origin !== journey.target),
    secrets.names,
  );
  const statements = (steps: readonly Step[]): Statement[] =>
    steps.flatMap((step) => statementsOf(without(step, headers), originOf(step, journey.target, hosts)));
  const [start = [], ...tasks] = concealed;
  const names = new Names([]);
  return {
    about: journey.about,
    hints: journey.hints,
    target: journey.target,
    secrets: secrets.names,
    imports: journey.imports,
    hosts: Object.fromEntries([...hosts].map(([origin, name]) => [name, origin])),
    http: { ...settings, ...(Object.keys(headers).length > 0 && { headers }) },
    user: {
      name: 'visitor',
      state,
      waitMs: waitOf(visits),
      onStart: [...authorization.onStart, ...statements(start)],
      tasks: tasks.map((steps) => ({ name: names.take(taskNameOf(steps)), statements: statements(steps) })),
      inOrder: tasks.length > 1,
    },
  };
}

/** Headers that all requests share, if there are several. */
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

function without(step: Step, shared: Values): Step {
  const own = Object.entries(step.headers).filter(([name]) => !(name in shared));
  return { ...step, headers: Object.fromEntries(own) };
}

function originOf({ origin }: Step, target: string, hosts: ReadonlyMap<string, string>): Text {
  const name = hosts.get(origin);
  return origin === target || name === undefined ? '' : new Code(name);
}

function statementsOf(step: Step, origin: Text): Statement[] {
  const request: Statement = { kind: 'request', request: requestOf(step, origin), into: step.into };
  return [...(step.before ?? []), request, ...(step.after ?? [])];
}
