import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import type { Aim } from './generator.js';
import { drumline } from './generators/drumline.js';
import { temporaryFolder } from './launch.js';
import { measure } from './measure.js';

/** A lane's CPU time: microseconds of self time, the greatest first. */
interface Breakdown {
  /** Excludes idle time. */
  readonly totalUs: number;
  readonly byFile: readonly (readonly [file: string, us: number])[];
  readonly byFunction: readonly (readonly [name: string, us: number])[];
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** V8's names for entries that are not JavaScript functions. */
const NO_FILE: Readonly<Record<string, string>> = {
  '(program)': 'native code and system calls',
  '(garbage collector)': 'garbage collection',
  '(root)': 'native code and system calls',
};
const IDLE = '(idle)';

/**
 * Runs Drumline with a profiler in its lane.
 * @returns a readable breakdown of its CPU time
 */
export async function profile(
  { target, span, cores }: Pick<Bench, 'target' | 'span' | 'cores'>,
  aim: Aim,
): Promise<string> {
  const file = join(temporaryFolder(), 'lane.cpuprofile');
  const generator = drumline(cores.target, { DRUMLINE_BENCH_PROFILE: file });
  const { cpuUs } = await measure(generator, aim, { target, span, cores: cores.generator });
  const total = `${cpuUs.toFixed(1)} µs of CPU for each request, control process and profiler included.`;
  return `${total}\n${describe(readProfile(file), cpuUs)}`;
}

/** Reads a profile that a lane has written. */
function readProfile(file: string): Breakdown {
  const { nodes, samples = [], timeDeltas = [] } = JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile;
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const files = new Map<string, number>();
  const functions = new Map<string, number>();
  let totalUs = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id)!;
    if (functionName === IDLE) return;
    // A sample lasts until the next one.
    const us = timeDeltas[index + 1] ?? 0;
    const place = NO_FILE[functionName] ?? shorten(url);
    totalUs += us;
    files.set(place, (files.get(place) ?? 0) + us);
    const name =
      functionName in NO_FILE ? place : `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + us);
  });
  return { totalUs, byFile: sorted(files), byFunction: sorted(functions) };
}

/** A readable breakdown: percent, and microseconds for each request. */
function describe({ totalUs, byFile, byFunction }: Breakdown, cpuUs: number): string {
  const line = ([name, us]: readonly [string, number]): string => {
    const share = us / totalUs;
    return `${(share * 100).toFixed(1).padStart(5)} %  ${(share * cpuUs).toFixed(2).padStart(6)} µs  ${name}`;
  };
  const worthIt = byFile.filter(([, us]) => us / totalUs >= 0.002);
  return ['By file:', ...worthIt.map(line), '', 'By function:', ...byFunction.slice(0, 40).map(line)].join(
    '\n',
  );
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
