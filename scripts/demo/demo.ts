// `npm run demo`: a small shop as the target, a master and two workers on loopback, and a scenario
// of about 15 s.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const target = spawn(
  process.execPath,
  [fileURLToPath(new URL('target.js', import.meta.url)), '--port', '0'],
  {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // A separate process group: Ctrl-C must reach the run, and the target must outlive it.
    detached: true,
  },
);
const [{ url }] = (await once(target, 'message')) as [{ url: string }];
console.log(`The target, a small shop, listens on ${url}.`);

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = spawn(
  process.execPath,
  [
    'packages/drumline/bin/drumline.js',
    'run',
    'examples/quickstart.ts',
    '--target',
    url,
    '--workers',
    '2',
    '--lanes',
    '1',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The terminal sends Ctrl-C to the run as well. Other signals are forwarded.
  process.on(signal, () => signal === 'SIGTERM' && run.kill(signal));
}
const [code] = (await once(run, 'exit')) as [number | null];
const seen = (await (await fetch(`${url}/__count`)).json()) as { requests: number };
console.log(`The shop counted ${seen.requests.toLocaleString('en-US')} requests.`);
target.kill();
process.exitCode = code ?? 1;
