import { formatCount } from './format-count.js';

/** How to set a target. */
export const TARGET_HINT = "Set target in scenario({ target: 'https://…' }), or pass --target.";

/** Kinds of what lanes find wrong with a scenario. Each is the code of a note, too. */
export type FindingKind =
  | 'unset-variable'
  | 'odd-responses'
  | 'measured-requests'
  | 'floating-promise'
  | 'no-target'
  | 'samples-dropped'
  | 'intervals-lost';

/**
 * A finding as a sentence.
 * @param workers names of the workers that found it
 */
export function describeFinding(
  kind: FindingKind,
  subject: string,
  count: number,
  workers: readonly string[],
): string {
  return NOTES[kind](subject, count, workers);
}

const NOTES: Readonly<
  Record<FindingKind, (subject: string, count: number, workers: readonly string[]) => string>
> = {
  'unset-variable': (name, _, workers) =>
    `The scenario reads process.env.${name}, which is set on the master but not on ${workersNamed(workers)}. Pass it to the run with -e ${name}.`,
  'odd-responses': (what) =>
    `Responses from the target had ${what}. They were parsed leniently, as curl, Go and browsers do. With http.strict: true they fail.`,
  'measured-requests': (measure) =>
    `${measure} was open while the user made requests. If it contains them, the totals count them twice: as requests and in the measure. To time a part of a task, use step(name, work), which the totals do not count.`,
  'floating-promise': (task, count) =>
    `Task ${task} ended ${count === 1 ? 'once' : `${count} times`} while one of its requests was in flight, because nothing awaited it. Write await before the request, or pass the work to background(…).`,
  'samples-dropped': (reason, count, workers) =>
    `${formatCount(count)} ${count === 1 ? 'request is' : 'requests are'} missing in the sample file of ${workersNamed(workers)}: ${reason}. The result counts all requests.`,
  'intervals-lost': (hook, count, workers) =>
    `${hook} did not receive all seconds on ${workersNamed(workers)}: it is too slow and has lost ${count} ${count === 1 ? 'interval' : 'intervals'}. The report is complete.`,
  'no-target': (task, count) =>
    `${count === 1 ? 'A request' : `${count} requests`} of ${task} had a relative URL, but no target is set. Nothing was sent. ${TARGET_HINT}`,
};

const MOST_NAMES = 3;

/** `worker w1`, `workers w1, w2 and 7 others` */
function workersNamed(workers: readonly string[]): string {
  if (workers.length === 1) return `worker ${workers[0]}`;
  const others = workers.length - MOST_NAMES;
  if (others <= 0) return `workers ${workers.slice(0, -1).join(', ')} and ${workers.at(-1)}`;
  return `workers ${workers.slice(0, MOST_NAMES).join(', ')} and ${others} ${others === 1 ? 'other' : 'others'}`;
}
