import { Code, type Text, type Value } from '../code/code.js';
import { correlate } from '../correlation/correlate.js';
import { findLinks } from '../correlation/links.js';
import type { ScenarioDraft, Statement } from '../draft.js';
import { takeAuthorization } from './authorization.js';
import { Secrets, sendsPassword } from './secrets.js';
import { requestOf, type Step, type Values } from './step.js';
import { taskNameOf } from './task-name.js';
import { nameHosts } from './hosts.js';
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
  readonly readsFiles: boolean;
}

/** Requests that belong together, and how long the person had waited before them. */
export interface Visit {
  /** Milliseconds; undefined if it is not known. */
  readonly pauseMs: number | undefined;
  readonly steps: readonly Step[];
}

const USUAL_WAIT_MS = [1_000, 3_000] as const;
const LONGEST_WAIT_MS = 30_000;

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
    environment: secrets.names,
    readsFiles: journey.readsFiles,
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

/** A page with a form and what was sent with it are one task: the form is good for one time. */
function joinForms(visits: readonly Visit[]): readonly Visit[] {
  const steps = visits.flatMap((visit) => visit.steps);
  const visitOf = visits.flatMap((visit, index) => visit.steps.map(() => index));
  const inHtml = findLinks(steps).filter(({ leaf }) => typeof leaf.at === 'string');
  const joined = new Set(
    inHtml.flatMap(({ leaf, uses }) => {
      const last = Math.max(...uses.map(({ step }) => visitOf[step]!));
      return last === visitOf[leaf.step]! + 1 ? [last] : [];
    }),
  );
  const result: Visit[] = [];
  visits.forEach((visit, index) => {
    const page = joined.has(index) ? result.pop() : undefined;
    result.push(page ? { pauseMs: page.pauseMs, steps: [...page.steps, ...afterPause(visit)] } : visit);
  });
  return result;
}

/** The steps of a visit with the wait before it. */
function afterPause({ pauseMs, steps: [first, ...rest] }: Visit): readonly Step[] {
  if (first === undefined) return [];
  const before = pauseMs === undefined ? [] : [{ kind: 'sleep' as const, ms: roundMs(pauseMs) }];
  return [{ ...first, before }, ...rest];
}

/**
 * A login at the beginning is done once by each user, as a person does it, unless the journey ends with a logout: then it is a
 * part of it.
 */
function takeLogin(visits: readonly Visit[]): { login: readonly Step[]; visits: readonly Visit[] } {
  const at = visits.slice(0, 2).findIndex(({ steps }) => steps.some(sendsPassword));
  const logsOut = visits.some(({ steps }) =>
    steps.some(({ pathName }) => /log-?out|sign-?out/i.test(pathName)),
  );
  if (at < 0 || at === visits.length - 1 || logsOut) return { login: [], visits };
  const login = visits
    .slice(0, at + 1)
    .flatMap((visit, index) => (index === 0 ? visit.steps : afterPause(visit)));
  return { login, visits: visits.slice(at + 1) };
}

/** From the shortest to the longest pause of the recording. */
function waitOf(visits: readonly Visit[]): readonly [number, number] {
  const pauses = visits
    .flatMap(({ pauseMs }, index) => (index === 0 || pauseMs === undefined ? [] : [pauseMs]))
    .map((ms) => Math.min(ms, LONGEST_WAIT_MS));
  if (pauses.length === 0) return USUAL_WAIT_MS;
  const [shortest, longest] = [roundMs(Math.min(...pauses)), roundMs(Math.max(...pauses))];
  return shortest < longest ? [shortest, longest] : [roundMs(shortest / 2), roundMs(shortest * 1.5)];
}

/** To half seconds, and tenths below one. */
function roundMs(ms: number): number {
  const step = ms < 1_000 ? 100 : 500;
  return Math.max(100, Math.round(ms / step) * step);
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
