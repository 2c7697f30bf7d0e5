// How late the event loop of a program is, at the 99th percentile: idle, beside a run that it has
// started with `drumline/embed`, and with Locust as a library in a FastAPI service.
// `npm run bench:embed`; DRUMLINE_BENCH_PYTHON names a Python with locust, fastapi and uvicorn.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRun } from 'drumline/embed';

const SECONDS = Number(process.argv[2] ?? 10);
const USERS = 50;
const PYTHON = process.env['DRUMLINE_BENCH_PYTHON'] ?? 'python3';
const HOST = fileURLToPath(new URL('../../bench/embed/locust_host.py', import.meta.url));
const SCENARIO = new URL('../../bench/embed/busy.ts', import.meta.url);
const TARGET = `require('node:http').createServer((_, response) => response.end('ok'))
  .listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

interface Row {
  readonly host: string;
  readonly lateP99Ms: number;
  readonly requests: number;
}

const target = spawn(process.execPath, ['-e', TARGET], { stdio: ['ignore', 'pipe', 'inherit'] });
const [port] = (await once(target.stdout, 'data')) as [Buffer];
const url = `http://127.0.0.1:${port.toString().trim()}`;
try {
  const rows: Row[] = [{ host: 'Node, idle', lateP99Ms: await lateness(), requests: 0 }];
  rows.push(await besideDrumline(1), ...(await withLocust()));
  console.log(`Lateness of a timer of 1 ms, 99th percentile over ${SECONDS} s:`);
  for (const { host, lateP99Ms, requests } of rows)
    console.log(`${host.padEnd(44)} ${lateP99Ms.toFixed(2).padStart(9)} ms  ${requests} requests`);
} finally {
  target.kill();
}

/** The 99th percentile of the lateness of timers of 1 ms. */
async function lateness(): Promise<number> {
  const late: number[] = [];
  const end = performance.now() + SECONDS * 1_000;
  for (let before = performance.now(); before < end; before = performance.now()) {
    await sleep(1);
    late.push(performance.now() - before - 1);
  }
  return late.sort((a, b) => a - b)[Math.floor(late.length * 0.99)]!;
}

async function besideDrumline(lanes: number): Promise<Row> {
  const run = await startRun({ scenario: SCENARIO, target: url, users: USERS, lanes });
  const seconds = run.seconds();
  await seconds.next();
  void (async () => {
    for await (const _ of seconds);
  })();
  void (async () => {
    for await (const _ of run.details());
  })();
  await sleep(2_000);
  const lateP99Ms = await lateness();
  const { totals } = await run.stop();
  return { host: 'Node, with drumline/embed', lateP99Ms, requests: totals.requests };
}

/** No rows if Python lacks a package. */
async function withLocust(): Promise<Row[]> {
  const exec = promisify(execFile);
  const missing = await exec(PYTHON, ['-c', 'import locust, fastapi, uvicorn']).then(
    () => false,
    () => true,
  );
  if (missing) {
    console.log(`skipped: FastAPI with Locust (${PYTHON} has no locust, fastapi or uvicorn)`);
    return [];
  }
  const measure = async (host: string, users: number): Promise<Row> => {
    const args = [HOST, url, String(users), String(SECONDS)];
    const { stdout } = await exec(PYTHON, args, { timeout: (SECONDS + 60) * 1_000 });
    const [lateP99Ms, requests] = stdout.trim().split(' ').map(Number);
    return { host, lateP99Ms: lateP99Ms!, requests: requests! };
  };
  return [await measure('FastAPI, idle', 0), await measure('FastAPI, with Locust as a library', USERS)];
}
