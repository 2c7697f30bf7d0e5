// Attacks the control API of `drumline serve` while a run is in progress: views and orders with
// wrong values, broken submissions and uploads, gRPC messages that are noise. No answer may be an
// internal error, and the report must equal the target's count.
// npm run fuzz:api, or node scripts/dist/fuzz/service/main.js [SEED]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { ApiError, type Submission } from '@drumline/client';
import { describeMachine, quantile } from '../../bench/support.js';
import { cleanUpAtExit, temporaryFolder } from '../../bench/harness/launch.js';
import { startTarget } from '../../demo/target.js';
import { planScenario } from '../../runs/local-cluster.js';
import { ServedCluster } from '../../runs/served-cluster.js';
import { Random } from '../random.js';
import { GrpcCalls } from './grpc-calls.js';
import { brokenSubmission, brokenUpload, viewOrOrder, type RestCall } from './rest-calls.js';

const SEED = Number(process.argv[2] ?? 1);
const CALLS = 5_000;
const NOISE = 2_000;
const AT_ONCE = 16;
const SCENARIO = fileURLToPath(new URL('../../../bench/scenarios/simplest.ts', import.meta.url));
/** Statuses of gRPC that mean a defect: unknown, internal, data loss. */
const GRPC_DEFECTS: readonly number[] = [2, 13, 15];

cleanUpAtExit();
const random = new Random(SEED);
const defects = new Map<string, number>();
const target = await startTarget();
const cluster = await ServedCluster.open(temporaryFolder(), '--grpc', '127.0.0.1:0', '--queue-limit', '20');
const grpcAddress = await cluster.master.prints(/gRPC API at (\S+)/);
const { client, master } = cluster;
cluster.join('w1', '--lanes', '1');
await cluster.haveJoined(1);
const planned = await planScenario(SCENARIO, { target: target.url, users: 20 });
const { runId, result } = await cluster.submit(planned);
const submission: Submission = {
  scenario: 'simplest.ts',
  bundle: { id: planned.bundle.id, size: Buffer.byteLength(planned.bundle.code) },
  plan: { ...planned.plan, tables: [] },
  options: {},
};
const hashes = [planned.bundle.id, ...Array.from({ length: 20 }, () => random.bytes(32).toString('hex'))];
using grpc = new GrpcCalls(grpcAddress, runId, submission);

console.log(`${describeMachine()}; seed ${SEED}`);
console.log('attack                      calls  health median     worst   memory  files  answers');
await attack('views and orders', CALLS, () => ask(viewOrOrder(random, runId)));
await attack('submissions', CALLS, () => ask(brokenSubmission(random, submission)));
await attack('uploads', CALLS, () => ask(brokenUpload(random, hashes)));
await attack('gRPC messages', CALLS, callGrpc);
await attack('gRPC noise', NOISE, async () => (await grpc.noise(random), 'closed'));

for (const queued of (await client.runs({ state: ['queued'] })).runs) await client.run(queued.runId).cancel();
await client.run(runId).setUsers(20);
await client.run(runId).stop();
const { totals, exit } = await result;
await cluster.close();
await target.close();
console.log(
  `Requests in the report: ${totals.requests}; seen by the target: ${target.count}; the run ${exit}.`,
);
for (const [what, count] of [...defects].slice(0, 20)) console.log(`${count} × ${what}`);
if (defects.size > 0 || totals.requests !== target.count || exit !== 'passed') process.exitCode = 1;

/** @param call one call; resolves with the kind of its answer */
async function attack(name: string, calls: number, call: () => Promise<string>): Promise<void> {
  const answers = new Map<string, number>();
  const healthMs: number[] = [];
  let [left, memoryMb, files] = [calls, 0, 0];
  const watching = (async () => {
    while (left > 0) {
      const askedMs = performance.now();
      await client.health();
      healthMs.push(performance.now() - askedMs);
      memoryMb = Math.max(memoryMb, residentMb());
      files = Math.max(files, readdirSync(`/proc/${master.pid}/fd`).length);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const oneAfterTheOther = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await call();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther));
  await watching;
  const ms = (part: number): string => `${quantile(healthMs, part).toFixed(0)} ms`.padStart(10);
  const kinds = [...answers.keys()].toSorted().map((kind) => `${answers.get(kind)} × ${kind}`);
  console.log(
    `${name.padEnd(24)}${String(calls).padStart(9)}${ms(0.5).padStart(15)}${ms(1)}${`${memoryMb} MB`.padStart(9)}${String(files).padStart(7)}  ${kinds.join(', ')}`,
  );
}

/** Sends a request of REST. A run that was accepted is canceled. */
async function ask({ method, path, headers = {}, body }: RestCall): Promise<string> {
  const what = `${method} ${path.slice(0, 120)} ${typeof body === 'string' ? body.slice(0, 300) : ''}`;
  try {
    const response = await fetch(client.url + path, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (response.status >= 500) defect(`${response.status} ${text.slice(0, 200)} for ${what}`);
    if (response.status === 201 && path === '/v1/runs')
      await canceled((JSON.parse(text) as { runId: string }).runId);
    return String(response.status);
  } catch (error) {
    defect(`${String(error)} for ${what}`);
    return 'no answer';
  }
}

/** Submissions with the same key are the same run, which may be canceled already. */
async function canceled(id: string): Promise<void> {
  await client
    .run(id)
    .cancel()
    .catch((error: unknown) => {
      if (!(error instanceof ApiError && error.code === 'request-invalid')) throw error;
    });
}

async function callGrpc(): Promise<string> {
  const { status: code, what } = await grpc.call(random);
  if (GRPC_DEFECTS.includes(code)) defect(`${status[code]} for ${what}`);
  return status[code]!;
}

function defect(what: string): void {
  defects.set(what, (defects.get(what) ?? 0) + 1);
}

function residentMb(): number {
  const [, kb] =
    /^VmRSS:\s+(\d+)/m.exec(readFileSync(join('/proc', String(master.pid), 'status'), 'utf8')) ?? [];
  return Math.round(Number(kb) / 1_024);
}
