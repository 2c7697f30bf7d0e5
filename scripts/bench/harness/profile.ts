import { join } from 'node:path';
import type { Bench } from './bench.js';
import { breakDown, readProfile, type Breakdown } from './cpu-profile.js';
import type { Aim } from './generator.js';
import { drumline } from './generators/drumline.js';
import { temporaryFolder } from './launch.js';
import { measure } from './measure.js';

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
  return `${total}\n${describe(breakDown(readProfile(file)), cpuUs)}`;
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
