// Cost of encryption to the master: 50 workers join at the same moment and report, alternately with
// and without a token.
// npm run bench:token
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  bindMasterLink,
  dialWorkerLink,
  PROTOCOL_VERSION,
  VERSION,
  type WorkerMessage,
} from '@drumline/wire';
import { MasterKey, WorkerToken } from '@drumline/wire/security';
import { encodeCounts, KeyDictionary } from '@drumline/stats';
import { reportOf } from './reports.js';
import { describeMachine, median } from './support.js';

const ROUNDS = 7;
const WORKERS = 50;
const REPORTS_EACH = 40;
const SERIES = 20;
const REQUESTS = 50;

interface Costs {
  /** Time from the start of the first worker to the hello of the last. */
  readonly joinedMs: number;
  /** CPU of the master and its link process, with all their threads. */
  readonly cpuMsPerJoin: number;
  readonly cpuUsPerReport: number;
  /** The part of the master itself. */
  readonly ownCpuUsPerReport: number;
}

/** CPU since the process began, microseconds. */
interface Cpu {
  readonly ownUs: number;
  readonly linkUs: number;
}

const [address, token] = [process.env['BENCH_MASTER'], process.env['BENCH_TOKEN']];
if (address === undefined) await beMaster();
else beWorkers(address, token === undefined ? null : WorkerToken.parse(token, 'BENCH_TOKEN'));

async function beMaster(): Promise<void> {
  const plain: Costs[] = [];
  const secured: Costs[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    plain.push(await measure(null));
    secured.push(await measure(MasterKey.generate()));
  }
  console.log(
    `${describeMachine()}; medians of ${ROUNDS} rounds, ${WORKERS} workers, reports of ${SERIES} series; CPU of the master and its link process`,
  );
  console.log(
    '|               | all have joined after | CPU for a worker | CPU for a report | of it, master’s |',
  );
  console.log(
    '| ------------- | --------------------: | ---------------: | ---------------: | --------------: |',
  );
  row('without token', plain);
  row('with token', secured);
}

async function measure(key: MasterKey | null): Promise<Costs> {
  const link = await bindMasterLink('tcp://127.0.0.1:0', key);
  const tokenText = key?.workerToken.text;
  const workers = fork(fileURLToPath(import.meta.url), {
    env: { ...process.env, BENCH_MASTER: link.address, ...(tokenText && { BENCH_TOKEN: tokenText }) },
  });
  const heard = { hellos: 0, reports: 0 };
  let progressed = (): void => {};
  link.listen((peer, message) => {
    if (message.type === 'hello') heard.hellos += 1;
    else if (message.type === 'statsReport') {
      heard.reports += 1;
      link.send(peer, { type: 'reportAck', runId: message.runId, seq: message.seq });
    }
    progressed();
  });
  const reaching = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>((resolve) => (progressed = resolve));
  };
  await once(workers, 'message');

  const [linkProcess] = childrenOf(process.pid).filter((pid) => pid !== workers.pid);
  const [joinAtMs, joinCpu] = [performance.now(), cpuOf(linkProcess!)];
  workers.send('join');
  await reaching(() => heard.hellos === WORKERS);
  const joinedMs = performance.now() - joinAtMs;
  const reportCpu = cpuOf(linkProcess!);
  const cpuMsPerJoin = sumSince(joinCpu, reportCpu) / 1_000 / WORKERS;
  workers.send('report');
  await reaching(() => heard.reports === WORKERS * REPORTS_EACH);
  const endCpu = cpuOf(linkProcess!);
  const cpuUsPerReport = sumSince(reportCpu, endCpu) / heard.reports;
  const ownCpuUsPerReport = (endCpu.ownUs - reportCpu.ownUs) / heard.reports;
  workers.send('end');
  await once(workers, 'exit');
  await link.close();
  return { joinedMs, cpuMsPerJoin, cpuUsPerReport, ownCpuUsPerReport };
}

/** All workers as links of one process, which its parent controls. */
function beWorkers(master: string, ours: WorkerToken | null): void {
  const { keys, ...counts } = encodeCounts(
    [{ ...reportOf(SERIES, REQUESTS), second: 0 }],
    new KeyDictionary(),
  );
  const links = new Map<string, ReturnType<typeof dialWorkerLink>>();
  const orders: Record<string, () => void> = {
    join: () => {
      for (let n = 0; n < WORKERS; n += 1) {
        const instance = `worker-${n}`;
        const link = dialWorkerLink(master, instance, ours);
        links.set(instance, link);
        link.listen((message) => {
          // One at a time, because a worker's reports are a second apart.
          if (message.type === 'reportAck' && message.seq < REPORTS_EACH)
            link.send(reportOfWorker(message.seq + 1));
        });
        const greeting = setInterval(() => {
          if (link.send(hello(instance))) clearInterval(greeting);
        }, 5);
      }
    },
    report: () => {
      for (const link of links.values()) link.send(reportOfWorker(1));
    },
    end: () => process.exit(),
  };
  const reportOfWorker = (seq: number): WorkerMessage => ({
    type: 'statsReport',
    runId: 'bench',
    epoch: 1,
    seq,
    keys: seq === 1 ? [...keys] : [],
    ...counts,
  });
  process.on('message', (order: string) => orders[order]!());
  process.send!('ready');
}

function hello(instance: string): WorkerMessage {
  const { pid, version } = process;
  const name = instance;
  return {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    version: VERSION,
    instance,
    name,
    host: 'bench',
    pid,
    lanes: 1,
    node: version,
    orphanGraceMs: 30_000,
  };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function cpuOf(linkProcess: number): Cpu {
  const { user, system } = process.cpuUsage();
  // The first figure of a thread's schedstat is its time on a CPU in nanoseconds.
  const threads = readdirSync(`/proc/${linkProcess}/task`).map((thread) =>
    Number(readFileSync(`/proc/${linkProcess}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return { ownUs: user + system, linkUs: threads.reduce((sum, ns) => sum + ns, 0) / 1_000 };
}

function sumSince(before: Cpu, after: Cpu): number {
  return after.ownUs - before.ownUs + after.linkUs - before.linkUs;
}

function row(name: string, costs: readonly Costs[]): void {
  const of = (pick: (cost: Costs) => number): number => median(costs.map(pick));
  const joined = `${of(({ joinedMs }) => joinedMs).toFixed(0)} ms`;
  const join = `${of(({ cpuMsPerJoin }) => cpuMsPerJoin).toFixed(2)} ms`;
  const report = `${of(({ cpuUsPerReport }) => cpuUsPerReport).toFixed(0)} µs`;
  const own = `${of(({ ownCpuUsPerReport }) => ownCpuUsPerReport).toFixed(0)} µs`;
  console.log(
    `| ${name.padEnd(13)} | ${joined.padStart(21)} | ${join.padStart(16)} | ${report.padStart(16)} | ${own.padStart(15)} |`,
  );
}
