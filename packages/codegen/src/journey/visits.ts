import { findLinks } from '../correlation/links.js';
import { sendsPassword } from '../recording/secrets.js';
import type { Step } from '../recording/step.js';

/** Requests that belong together, and the pause before them. */
export interface Visit {
  /** Pause before the visit, milliseconds; undefined if unknown. */
  readonly pauseMs: number | undefined;
  readonly steps: readonly Step[];
}

const USUAL_WAIT_MS = [1_000, 3_000] as const;
const LONGEST_WAIT_MS = 30_000;

/**
 * Joins a page with the request that sends its form, because the token of the form is valid once.
 */
export function joinForms(visits: readonly Visit[]): readonly Visit[] {
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

/** The steps of a visit, with a sleep for its pause. */
function afterPause({ pauseMs, steps: [first, ...rest] }: Visit): readonly Step[] {
  if (first === undefined) return [];
  const before = pauseMs === undefined ? [] : [{ kind: 'sleep' as const, ms: roundMs(pauseMs) }];
  return [{ ...first, before }, ...rest];
}

/**
 * Separates a login at the beginning, which each user does once. A journey with a logout keeps its
 * login, because the visit repeats it.
 */
export function extractLogin(visits: readonly Visit[]): { login: readonly Step[]; visits: readonly Visit[] } {
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

/** The wait time: the shortest and the longest pause of the recording. */
export function waitOf(visits: readonly Visit[]): readonly [number, number] {
  const pauses = visits
    .flatMap(({ pauseMs }, index) => (index === 0 || pauseMs === undefined ? [] : [pauseMs]))
    .map((ms) => Math.min(ms, LONGEST_WAIT_MS));
  if (pauses.length === 0) return USUAL_WAIT_MS;
  const [shortest, longest] = [roundMs(Math.min(...pauses)), roundMs(Math.max(...pauses))];
  return shortest < longest ? [shortest, longest] : [roundMs(shortest / 2), roundMs(shortest * 1.5)];
}

/** Rounds to half seconds, or to tenths below one second. */
function roundMs(ms: number): number {
  const step = ms < 1_000 ? 100 : 500;
  return Math.max(100, Math.round(ms / step) * step);
}
