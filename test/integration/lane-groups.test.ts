// Lane groups: no other users run on their lanes, and failures of those lanes affect no other
// users.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster, eventually } from '../support/drumline.js';

/** The process and user that a request names. */
interface Seen {
  readonly type: string;
  readonly user: string;
  readonly pid: number;
  readonly path: string;
}

let target: Target;
let seen: Seen[];
beforeEach(async () => {
  target = await startTarget();
  seen = [];
  target.server.on('request', ({ headers, url }) => {
    const user = headers['x-user'] as string;
    seen.push({ user, type: user.split(' ')[0]!, pid: Number(headers['x-process']), path: url! });
  });
});
afterEach(async () => {
  await target.close();
});

/** Two workers: one with a single lane, one with more. */
async function startCluster(more: number): Promise<Cluster> {
  const cluster = await Cluster.start('lane-groups', ['-H', target.url, '--expect-workers', '2']);
  cluster.addWorker('w1', ['--lanes', '1']);
  cluster.addWorker('w2', ['--lanes', String(more)]);
  return cluster;
}

const pidsOf = (type: string): Set<number> =>
  new Set(seen.filter((request) => request.type === type).map(({ pid }) => pid));
const startsOf = (type: string): string[] =>
  seen.filter((request) => request.type === type && request.path === '/products').map(({ user }) => user);

describe('user types in a lane group', () => {
  test('run only on its lanes, and the report equals the target’s count', async () => {
    await using cluster = await startCluster(3);
    await cluster.until(({ users }) => users === 12);
    const lanes = await eventually(async () => {
      const views = await cluster.workerViews();
      const all = views.flatMap(({ name, lanes: own }) => own.map((lane) => ({ name, ...lane })));
      return all.reduce((sum, { users }) => sum + users, 0) === 12 ? all : undefined;
    });
    await cluster.order('stop');
    const result = await cluster.result();

    const [visitors, tellers] = [pidsOf('visitor'), pidsOf('teller')];
    expect(visitors.size).toBe(3);
    expect(tellers.size).toBe(2);
    expect([...visitors].filter((pid) => tellers.has(pid))).toEqual([]);
    expect(startsOf('visitor')).toHaveLength(9);
    expect(startsOf('teller')).toHaveLength(3);

    const groupsOf = (worker: string): string[] =>
      lanes.filter(({ name }) => name === worker).map(({ group }) => group);
    expect(groupsOf('w1')).toEqual(['default', 'tills']);
    expect(groupsOf('w2')).toEqual(['default', 'default', 'tills']);
    const users = (group: string): number[] =>
      lanes.filter((lane) => lane.group === group).map((lane) => lane.users);
    expect(users('default')).toEqual([3, 3, 3]);
    expect(users('tills').toSorted((a, b) => a - b)).toEqual([1, 2]);

    expect(result.totals.requests).toBe(target.count);
    expect(result.series.map(({ user }) => user).toSorted()).toEqual([
      'teller',
      'teller',
      'visitor',
      'visitor',
    ]);
    expect(result.workers).toMatchObject([
      { id: 'w1', lanes: 2, laneGroups: ['default', 'tills'] },
      { id: 'w2', lanes: 3, laneGroups: ['default', 'default', 'tills'] },
    ]);
    expect(result.workers.map(({ cpuPercent }) => cpuPercent.lanes.length)).toEqual([2, 3]);
    expect(result).toMatchObject({ code: 0, verdict: 'passed' });
  });

  test('wait for their lane if it is the only one of the group, and the report states it', async () => {
    await using cluster = await Cluster.start('lane-groups', ['-H', target.url]);
    cluster.addWorker('w1');
    const [till] = await eventually(() => {
      const tellers = pidsOf('teller');
      return tellers.size === 1 && startsOf('visitor').length === 9 ? [...tellers] : undefined;
    });
    process.kill(till!, 'SIGSTOP');
    await cluster.until(({ notes }) => notes.some(({ code }) => code === 'users-unplaced'));
    const at = seen.length;
    process.kill(till!, 'SIGCONT');
    await eventually(() => {
      const tellers = seen.slice(at).filter(({ type, path }) => type === 'teller' && path === '/');
      return new Set(tellers.map(({ user }) => user)).size === 3 ? true : undefined;
    });
    await cluster.order('stop');
    const result = await cluster.result();
    expect(result.output).toContain("Worker w1 has 1 lane for 'default' and 1 for 'tills'.");
    expect(result.notes.find(({ code }) => code === 'users-unplaced')!.message).toBe(
      "For a time no lane was left to run the users of lane group 'tills'.",
    );
    expect(result.notes.find(({ code }) => code === 'lane-stalled')!.message).toMatch(
      /^Lane w1\/1 \(tills\) was blocked/,
    );
    expect(startsOf('visitor')).toHaveLength(9);
    expect(pidsOf('visitor').size).toBe(1);
    expect(pidsOf('teller')).toEqual(new Set([till]));
    expect(result.totals.requests).toBe(target.count);
  });

  test('continue on the group’s other lanes when one is killed, without effect on other users', async () => {
    await using cluster = await startCluster(2);
    await cluster.until(({ users }) => users === 12);
    const [killed] = await eventually(() => {
      const tellers = pidsOf('teller');
      return tellers.size === 2 && startsOf('visitor').length === 9 ? [...tellers] : undefined;
    });
    const before = pidsOf('visitor');
    process.kill(killed!, 'SIGKILL');
    const at = seen.length;
    // All users run again, without the killed lane.
    await eventually(() => {
      const tellers = seen.slice(at).filter(({ type, pid }) => type === 'teller' && pid !== killed);
      return new Set(tellers.map(({ user }) => user)).size === 3 ? true : undefined;
    });
    await cluster.order('stop');
    const result = await cluster.result();
    expect(startsOf('visitor')).toHaveLength(9);
    expect(pidsOf('visitor')).toEqual(before);
    expect(startsOf('teller').length).toBeGreaterThan(3);
    expect([...pidsOf('teller')].filter((pid) => before.has(pid))).toEqual([]);
    const note = result.notes.find(({ code }) => code === 'lane-crashed')!;
    expect(note.message).toMatch(/^Lane w[12]\/[12] \(tills\) crashed: .*SIGKILL/);
    const counted = result.series
      .filter(({ user }) => user === 'visitor')
      .reduce((sum, { requests }) => sum + requests, 0);
    expect(counted).toBe(seen.filter(({ type }) => type === 'visitor').length);
  });
});
