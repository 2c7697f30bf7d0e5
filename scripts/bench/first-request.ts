// Time from starting `drumline run` with the simplest scenario to the first request at the target.
// Goal: 1.5 s.
// npm run bench:start
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTarget } from '../demo/target.js';
import { describeMachine, median } from './support.js';

const RUNS = Number(process.argv[2] ?? 7);
const root = fileURLToPath(new URL('../../../', import.meta.url));

const target = await startTarget();
const times: number[] = [];
for (let run = 0; run <= RUNS; run += 1) {
  const firstRequest = once(target.server, 'request');
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [
      'packages/drumline/bin/drumline.js',
      'run',
      'scripts/bench/scenarios/simplest.ts',
      '-H',
      target.url,
      '--no-html',
      '--quiet',
      '--no-api',
    ],
    { cwd: root, stdio: 'ignore' },
  );
  await firstRequest;
  const tookMs = performance.now() - startedMs;
  // The first run warms the disk cache and is not counted.
  if (run > 0) times.push(tookMs);
  child.kill('SIGINT');
  await once(child, 'exit');
}
await target.close();
console.log(describeMachine());
console.log(
  `First request after ${Math.round(median(times))} ms (median of ${RUNS}; ${times.map(Math.round).join(', ')}).`,
);
