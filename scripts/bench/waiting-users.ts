// Memory of a lane with 10,000 waiting users, against the same lane with one. Goal: well under 100 MB more.
// npm run bench:waiting
import { fileURLToPath } from 'node:url';
import { startMaster } from '@drumline/master';
import { startWorker } from '@drumline/worker';
import { describeMachine } from './support.js';

const USERS = Number(process.argv[2] ?? 10_000);
const root = fileURLToPath(new URL('../../../', import.meta.url));

const master = await startMaster(
  {
    scenario: `${root}scripts/bench/scenarios/waiting.ts`,
    overrides: {},
    bind: 'tcp://127.0.0.1:0',
    api: null,
    expectWorkers: 1,
    expectWorkersMaxWaitMs: null,
    autostart: true,
    heartbeatMs: 1_000,
    missingAfterMs: 3_000,
  },
  () => {},
);
const worker = startWorker({
  master: master.workerAddress,
  name: 'bench',
  lanes: 1,
  orphanGraceMs: 1_000,
  connectTimeoutMs: 10_000,
  laneHeapMb: null,
  say: () => {},
  print: () => {},
});
const lane = (): { users: number; memoryBytes: number } => master.control.workers()[0]?.lanes[0] ?? { users: 0, memoryBytes: 0 };
const before = await settled(1);
master.control.setUsers(USERS);
const after = await settled(USERS);
console.log(describeMachine());
console.log(`Lane with 1 user: ${mb(before)} MB; with ${USERS} waiting users: ${mb(after)} MB; ${Math.round((after - before) / USERS)} bytes a user.`);
master.stop('requested');
await master.finished;
await master.close();
await worker.finished;

/** The lane's memory when it has had this many users for five seconds. */
async function settled(users: number): Promise<number> {
  for (let held = 0; held < 50; held = lane().users === users ? held + 1 : 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return lane().memoryBytes;
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
