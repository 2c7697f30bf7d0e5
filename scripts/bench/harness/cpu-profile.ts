import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The CPU time of a thread: microseconds of self time, the greatest first. */
export interface Breakdown {
  /** Excludes idle time. */
  readonly totalUs: number;
  readonly byFile: readonly (readonly [file: string, us: number])[];
  readonly byFunction: readonly (readonly [name: string, us: number])[];
}

/** On the monotonic clock of the machine, microseconds. */
export interface Period {
  readonly fromUs: number;
  readonly toUs: number;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** V8's names for entries that are not JavaScript functions. */
const NO_FILE: Readonly<Record<string, string>> = {
  '(program)': 'native code and system calls',
  '(garbage collector)': 'garbage collection',
  '(root)': 'native code and system calls',
};
const IDLE = '(idle)';

/** Reads the file of a profile. */
export function readProfile(file: string): Profiler.Profile {
  return JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile;
}

/** @param period leaves out samples before and after it */
export function breakDown(profile: Profiler.Profile, period?: Period): Breakdown {
  const { nodes, samples = [], timeDeltas = [], startTime } = profile;
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const files = new Map<string, number>();
  const functions = new Map<string, number>();
  let totalUs = 0;
  let atUs = startTime;
  samples.forEach((id, index) => {
    atUs += timeDeltas[index]!;
    if (period && (atUs < period.fromUs || atUs > period.toUs)) return;
    const { functionName, url, lineNumber } = byId.get(id)!;
    if (functionName === IDLE) return;
    // A sample lasts until the next one.
    const us = timeDeltas[index + 1] ?? 0;
    const place = NO_FILE[functionName] ?? shorten(url);
    totalUs += us;
    files.set(place, (files.get(place) ?? 0) + us);
    const name =
      functionName in NO_FILE
        ? place
        : `${functionName || '(anonymous)'} ${place}${url && `:${lineNumber + 1}`}`;
    functions.set(name, (functions.get(name) ?? 0) + us);
  });
  return { totalUs, byFile: sorted(files), byFunction: sorted(functions) };
}

function sorted(of: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...of].sort(([, a], [, b]) => b - a);
}

function shorten(url: string): string {
  if (url === '') return 'native functions';
  if (!url.startsWith('file:')) return url;
  const path = fileURLToPath(url);
  const packages = join(ROOT, 'packages/');
  if (path.startsWith(packages)) return path.slice(packages.length).replace('/dist/', '/');
  const library = path.lastIndexOf('node_modules/');
  return library === -1 ? 'the scenario' : path.slice(library);
}
