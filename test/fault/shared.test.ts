// Values that users share: each change happens once, whatever happens to processes and connections.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Cluster, pause } from '../support/drumline.js';
import { startProxy } from '../support/network.js';
import { childrenOf, signalAll } from '../support/processes.js';
import { startSite, type Asked, type Site } from '../support/site.js';

/** Users of the scenario: those that order, and those that pack. */
const [BUYERS, PACKERS] = [8, 4];

let site: Site;
let asked: Asked[];
beforeEach(async () => {
  asked = [];
  site = await startSite((one) => {
    asked.push(one);
    return { json: {} };
  });
});
afterEach(async () => {
  await site.close();
});

function numbersAt(path: string): number[] {
  const those = asked.filter((one) => one.path === path);
  return those.map(({ query }) => Number(query.get('number'))).sort((a, b) => a - b);
}

/** What the last request says about the shared values. */
function end(): { orders: number; left: number; visits: number } {
  const { query } = asked.find(({ path }) => path === '/end')!;
  return Object.fromEntries([...query].map(([name, value]) => [name, Number(value)])) as ReturnType<
    typeof end
  >;
}

const countAt = (path: string): number => numbersAt(path).length;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** Waits until users of all workers have ordered and packed again. */
async function goesOn(): Promise<void> {
  const [orders, packed] = [countAt('/order'), countAt('/packed')];
  const isOn = (): boolean => countAt('/order') > orders + 30 && countAt('/packed') > packed + 15;
  for (let tries = 0; tries < 600 && !isOn(); tries += 1) await pause(100);
  if (!isOn()) throw new Error(`${countAt('/order')} orders, ${countAt('/packed')} packed`);
}

test('each change happens once, with a cut connection and a master that is killed and resumes', async () => {
  await using cluster = await Cluster.start('shared', ['-H', site.url, '--expect-workers', '2']);
  const network = await startProxy(cluster.port, '127.0.0.1');
  try {
    cluster.addWorker('near');
    cluster.addWorker('far', [], network.address);
    await cluster.until(({ users }) => users === BUYERS + PACKERS);
    await goesOn();
    network.cut();
    await pause(700);
    network.mend();
    await goesOn();
    await cluster.killMaster();
    await pause(300);
    cluster.startMasterAgain();
    await goesOn();
    await cluster.order('stop');
    const { shared, exceptions, losses = [] } = await cluster.result();
    expect([exceptions, losses]).toEqual([[], []]);
    const orders = numbersAt('/order');
    expect(orders).toEqual(upTo(orders.length));
    expect(countAt('/begin')).toBe(orders.length);
    const packed = numbersAt('/pack');
    expect(new Set(packed).size).toBe(packed.length);
    expect(packed.slice(0, 3)).toEqual([-3, -2, -1]);
    expect(countAt('/packed')).toBe(packed.length);
    const left = orders.length + 3 - packed.length;
    expect(end()).toEqual({ orders: orders.length, left, visits: packed.length });
    expect(shared).toEqual({
      counters: { orders: orders.length },
      queues: { jobs: left },
      maps: { owners: 3 },
    });
  } finally {
    await network.close();
  }
});

test('a killed lane and a killed worker lose at most the changes that they had under way', async () => {
  await using cluster = await Cluster.start('shared', ['-H', site.url, '--expect-workers', '2']);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  await cluster.until(({ users }) => users === BUYERS + PACKERS);
  await goesOn();
  signalAll(childrenOf(cluster.workers[0]!.pid), 'SIGKILL');
  await goesOn();
  cluster.workers[1]!.signal('SIGKILL');
  await goesOn();
  await cluster.order('stop');
  const { shared } = await cluster.result();
  const orders = numbersAt('/order');
  expect(new Set(orders).size).toBe(orders.length);
  const { orders: counted, visits, left } = end();
  expect(shared).toMatchObject({ counters: { orders: counted }, queues: { jobs: left } });
  expect(orders.at(-1)).toBeLessThanOrEqual(counted);
  expect(counted - orders.length).toBeLessThanOrEqual(2 * BUYERS);
  const packed = numbersAt('/pack');
  expect(new Set(packed).size).toBe(packed.length);
  expect(visits - countAt('/packed')).toBeLessThanOrEqual(2 * PACKERS);
  expect(visits).toBeGreaterThanOrEqual(countAt('/packed'));
  // Jobs that were pushed, less those that were popped, are left.
  const gone = counted + 3 - packed.length - left;
  expect(gone).toBeGreaterThanOrEqual(0);
  expect(gone).toBeLessThanOrEqual(2 * (BUYERS + PACKERS));
});
