// The cost of `take`: of the first one of a lane, and of later ones, at a rate of rows per lane.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '@drumline/wire';

const LANES = 2;
const TAKES = 100;
/** Users of both lanes. Each takes 100 rows every 100 ms. */
const USERS = [2, 20];

/** @param drumline runs the program in the directory */
export async function measureTakes(
  directory: string,
  drumline: (args: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const users of USERS) {
    const file = join(directory, `take-${users}.mjs`);
    writeFileSync(file, scenarioFor(users));
    const json = join(directory, 'take.json');
    await drumline([
      'run',
      file,
      '--lanes',
      String(LANES),
      '--no-html',
      '--quiet',
      '--api',
      '127.0.0.1:0',
      '--json',
      json,
    ]);
    const { series, rows = [], run } = JSON.parse(readFileSync(json, 'utf8')) as RunResult;
    const timesOf = (name: string): RunResult['series'][number]['latencyMs'] =>
      series.find((one) => one.name === name)!.latencyMs;
    const first = timesOf('first take');
    const later = timesOf('later takes');
    const perSecond = rows[0]!.used / (run.durationMs / 1_000) / LANES;
    lines.push(
      `take at ${Math.round(perSecond)} rows/s and lane: first of a lane ${first.max.toFixed(0)} ms; later ${((later.p50 / TAKES) * 1_000).toFixed(1)} µs (p50), ${((later.p99 / TAKES) * 1_000).toFixed(1)} µs (p99 of ${TAKES})`,
    );
  }
  return lines;
}

function scenarioFor(users: number): string {
  return `
import { data, scenario, startWith, user } from 'drumline';
const rows = data.rows(() => Array.from({ length: 1_000_000 }, (_, id) => ({ id })), { use: 'once' });
let isFirst = true;
const taker = user('taker', {
  tasks: {
    async take({ take, record, sleep }) {
      const count = isFirst ? 1 : ${TAKES};
      const name = isFirst ? 'first take' : 'later takes';
      isFirst = false;
      const start = performance.now();
      for (let taken = 0; taken < count; taken += 1) await take(rows);
      record({ protocol: 'data', name, durationMs: performance.now() - start });
      await sleep('100ms');
    },
  },
});
export default scenario({ users: [taker], load: startWith(${users}).hold('8s') });
`;
}
