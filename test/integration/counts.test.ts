// The most important test: the target's own count of requests equals that of the report.
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import type { RunResult } from '@drumline/wire';
import { codesOf } from '../support/note-codes.js';
import { IS_LONG } from '../support/conditions.js';
import { Cluster, Drumline, scenarioPath } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

async function clusterOf(scenario: string, workers: number, ...args: string[]): Promise<Cluster> {
  const cluster = await Cluster.start(scenario, [
    '-H',
    target.url,
    '--expect-workers',
    String(workers),
    ...args,
  ]);
  for (let n = 1; n <= workers; n += 1) cluster.addWorker(`w${n}`);
  return cluster;
}

describe('the report counts what the target saw', () => {
  test.each(IS_LONG ? [1, 2, 3, 5] : [3])('when a run ends by time, with %i workers', async (workers) => {
    let accepted = 0;
    target.server.on('connection', () => (accepted += 1));
    await using cluster = await clusterOf('quick', workers);
    const result = await cluster.result();
    expect(result.totals.requests).toBe(target.count);
    expect(result.totals.requests).toBeGreaterThan(0);
    expect(result.workers.map(({ requests }) => requests).every((requests) => requests > 0)).toBe(true);
    expect(result.workers.reduce((sum, { requests }) => sum + requests, 0)).toBe(target.count);
    expect(result.timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(target.count);
    expect(result).toMatchObject({ code: 0, exitCode: 0, exit: 'passed', verdict: 'passed' });
    expect(codesOf(result)).toEqual([]);
    for (const worker of cluster.workers) expect(await worker.ended).toMatchObject({ code: 0 });
    // The connections agree as well, and the report has the phases of the requests.
    const { connections, totals, series } = result;
    expect(connections).toMatchObject([{ protocol: 'http/1.1', handshake: 'none', opened: accepted }]);
    expect(accepted).toBeGreaterThanOrEqual(10);
    expect(connections![0]!.tcpMs.min).toBeGreaterThan(0);
    const { queued, connect, send, wait, receive } = totals.phasesMs!;
    expect(wait).toBeGreaterThan(0);
    // Each of the five phases is rounded to a microsecond, as is the mean.
    expect(queued + connect + send + wait + receive).toBeLessThan(totals.latencyMs.mean + 0.01);
    expect(series[0]!.phasesMs).toEqual(totals.phasesMs);
  });

  test('when the target closes kept connections at requests, which are resent', async () => {
    let [read, answered] = [0, 0];
    const server = net.createServer((socket) => {
      let onThis = 0;
      socket.on('error', () => {});
      socket.on('data', () => {
        read += 1;
        onThis += 1;
        // The target reads every request, but resets the connection at every third instead of an
        // answer.
        if (onThis === 3) return socket.resetAndDestroy();
        answered += 1;
        return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const args = ['-H', `http://127.0.0.1:${port}`, '--expect-workers', '1'];
    await using cluster = await Cluster.start(scenarioPath('quick'), args);
    cluster.addWorker('w1');
    const { totals, series, exit } = await cluster.result();
    server.close();
    expect([totals.requests, totals.failures, exit]).toEqual([answered, 0, 'passed']);
    expect(totals.resends).toBe(read - answered);
    expect(totals.resends).toBeGreaterThan(0);
    expect(series.reduce((sum, { resends = 0 }) => sum + resends, 0)).toBe(totals.resends);
  });

  test('when Ctrl-C ends it', async () => {
    await using cluster = await clusterOf('quick', 1, '-t', '60s');
    await cluster.until(({ users }) => users === 10 && target.count > 100);
    cluster.master.signal('SIGINT');
    const result = await cluster.result();
    expect(result.totals.requests).toBe(target.count);
    expect(result).toMatchObject({ code: 130, exit: 'interrupted', run: { state: 'finished' } });
  });

  test('with slow requests in flight, which finish', async () => {
    await using cluster = await clusterOf('slow', 1);
    const result = await cluster.result();
    expect(result.totals.requests).toBe(target.count);
    expect(result.totals).toMatchObject({ failures: 0, interrupted: 0 });
    expect(result.totals.latencyMs.min).toBeGreaterThan(499);
  });

  test('with requests that outlast the stop timeout, which count as interrupted and not as failed', async () => {
    await using cluster = await clusterOf('very-slow', 1);
    const result = await cluster.result();
    expect(target.count).toBe(8);
    expect(result.totals).toMatchObject({ requests: 8, failures: 0, interrupted: 8 });
    expect(result.notes).toMatchObject([{ code: 'interrupted-requests' }, { code: 'nothing-measured' }]);
    expect(result).toMatchObject({ code: 13, verdict: 'nothing-measured' });
  });

  test('with a worker that joins late, one that leaves, and an end by `drumline stop`', async () => {
    await using cluster = await clusterOf('slow', 1, '-t', '10m');
    await cluster.until(({ users }) => users === 20);
    cluster.addWorker('late');
    await cluster.until(async ({ users }) => {
      const late = (await cluster.workerViews()).find(({ id }) => id === 'late');
      return users === 20 && late !== undefined && late.requests > 0;
    });
    cluster.workers[0]!.signal('SIGTERM');
    expect(await cluster.workers[0]!.ended).toMatchObject({ code: 143 });
    await cluster.until(({ users, workers }) => users === 20 && workers.connected === 1);
    await using stop = new Drumline(['stop', '--api', cluster.api]);
    expect(await stop.ended).toMatchObject({ code: 0 });
    const result = await cluster.result();
    expect(result.totals.requests).toBe(target.count);
    expect(result.workers).toMatchObject([{ id: 'late' }, { id: 'w1' }]);
    expect(result.workers[0]!.requests).toBeGreaterThan(0);
    expect(result.notes.map(({ code }) => code)).toEqual([
      'worker-joined-late',
      'worker-left',
      'stopped-early',
    ]);
    expect(result).toMatchObject({
      code: 14,
      exit: 'stopped-early',
      totals: { failures: 0, interrupted: 0 },
    });
  });

  test('with `drumline run`, all on one machine', async () => {
    await using run = new Drumline([
      'run',
      scenarioPath('statuses'),
      '-t',
      '2s',
      '-H',
      target.url,
      '--workers',
      '2',
      '--lanes',
      '1',
      '--api',
      '127.0.0.1:0',
      '--json',
      '-',
      '--quiet',
      '--no-html',
    ]);
    const { code, output } = await run.ended;
    expect(code).toBe(0);
    const { totals, series } = JSON.parse(output) as RunResult;
    expect(totals).toMatchObject({ requests: target.count, statuses: target.byStatus });
    expect(Object.keys(target.byStatus)).toEqual(['200', '201', '404', '503']);
    const refused = series.find(({ name }) => name === 'refused')!;
    expect(Object.keys(refused.statuses!)).toEqual(['404', '503']);
  });
});
