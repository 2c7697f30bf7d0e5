// Tests the manifests in a real cluster. Runs with `npm run test:kubernetes`.
import { describe, expect, test } from '@jest/globals';
import {
  IMAGE,
  Namespace,
  RESTRICTED_CONTAINER,
  RESTRICTED_POD,
  type Result,
  type Run,
  until,
} from './installation.js';
import { whyNoCluster } from './kubectl.js';

const reason = await whyNoCluster();
if (reason !== undefined) console.warn(`Manifests are NOT tested in a cluster: ${reason}`);
const inCluster = reason === undefined ? describe : describe.skip;

test('a cluster is available, or REQUIRE_KUBERNETES is not set', () => {
  if (process.env['REQUIRE_KUBERNETES']) expect(reason).toBeUndefined();
});

inCluster(`in a cluster${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test('a run of three workers', async () => {
    await using namespace = await Namespace.create();
    const run = await namespace.run('plain', { users: 30, seconds: 5 });
    const result = await expectExact(namespace, run);
    expect(result.workers.map(({ id }) => id).sort()).toEqual(['worker-0', 'worker-1', 'worker-2']);
    report(`began ${Date.parse(result.run.startedAt) - run.appliedAt} ms after it was applied`);
  });

  test('a worker’s pod that is deleted during the run is replaced', async () => {
    await using namespace = await Namespace.create();
    const run = await namespace.run('leaver', { users: 30, seconds: 20 });
    await run.runningFor(2);
    const [pod] = await run.pods('worker');
    await namespace.kubectl(['delete', 'pod', pod!, '--wait=false']);
    await expectExact(namespace, run);
  });

  test('a master’s pod that is deleted during the run is replaced by one that resumes it', async () => {
    await using namespace = await Namespace.create();
    const run = await namespace.run('resumed', { users: 30, seconds: 15 });
    await run.runningFor(2);
    const [pod] = await run.pods('master');
    await namespace.kubectl(['delete', 'pod', pod!, '--wait=false']);
    await expectExact(namespace, run);
    expect(await run.pods('master')).toEqual([]);
  });

  test('the node’s CPUs are busy with something else', async () => {
    await using namespace = await Namespace.create();
    const run = await namespace.run('starved', { users: 30, seconds: 15 });
    await run.runningFor(2);
    await namespace.apply([busyPod(8, 8)]);
    await expectExact(namespace, run);
  });

  test('scaled from three workers to six and back', async () => {
    await using namespace = await Namespace.create();
    const run = await namespace.run('scaled', { users: 30, seconds: 40 });
    await run.runningFor(2);
    await run.scale(6);
    await until('six workers take part', async () => (await workersOf(run)) === 6);
    await run.scale(3);
    await until('three workers are left', async () => (await workersOf(run)) === 3);
    const result = await expectExact(namespace, run);
    expect(result.workers).toHaveLength(6);
  });

  test('two runs in one namespace do not meet', async () => {
    await using namespace = await Namespace.create();
    const [one, two] = await Promise.all([
      namespace.run('one', { users: 20, seconds: 5 }, 2),
      namespace.run('two', { users: 10, seconds: 5 }, 1),
    ]);
    const results = await Promise.all([expectExact(namespace, one), expectExact(namespace, two)]);
    expect(results.map(({ workers }) => workers.length)).toEqual([2, 1]);
  });
});

/** Waits for the end; every request that the target has received is in the report. */
async function expectExact(namespace: Namespace, run: Run): Promise<Result> {
  const result = await run.result();
  const received = await namespace.countOf(`target-${run.name}`);
  report(`${run.name}: target ${received}, report ${result.totals.requests}`);
  expect({ exitCode: result.exitCode, failures: result.totals.failures }).toEqual({
    exitCode: 0,
    failures: 0,
  });
  expect(result.totals.requests).toBeGreaterThan(0);
  expect(result.totals.requests).toBe(received);
  return result;
}

async function workersOf(run: Run): Promise<number> {
  const { workers } = JSON.parse((await run.command('workers', '--json')) ?? '{"workers":[]}') as {
    workers: { state: string }[];
  };
  return workers.filter(({ state }) => state === 'running').length;
}

/** Takes all that the node's CPUs have left, for some seconds. */
function busyPod(processes: number, seconds: number): object {
  const loop = `for i in $(seq ${processes}); do timeout ${seconds} sh -c 'while :; do :; done' & done; wait`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'busy' },
    spec: {
      ...RESTRICTED_POD,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          ...RESTRICTED_CONTAINER,
          name: 'busy',
          image: IMAGE,
          command: ['sh', '-c', loop],
          resources: { requests: { cpu: '4' } },
        },
      ],
    },
  };
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
