// A stand-in for a master, for the memory of the dashboard: each event of its run is a second, and
// a simulated hour takes seconds.
import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const STEPS = [1, 2, 5, 10, 20, 60];
const START = Date.parse('2026-11-29T12:00:00.000Z');

interface Point {
  readonly at: string;
  readonly users: number;
  readonly requests: number;
  readonly failures: number;
  readonly latencyBands: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface FastRun {
  readonly url: string;
  /** Sends so many seconds to every page that follows the run. */
  advance(seconds: number): void;
  close(): void;
}

/** Serves the dashboard with a run that advances when it is told to. */
export async function serveFastRun(dashboard: string): Promise<FastRun> {
  const followers = new Set<ServerResponse>();
  const points: Point[] = [];
  const server = createServer(({ url = '/' }, response) => {
    const { pathname: asked, searchParams } = new URL(url, 'http://localhost');
    // Pages follow a run by its id.
    const pathname = asked.replace('/v1/runs/fast', '/v1/runs/current');
    if (pathname === '/v1/runs/current/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(points.length, { type: 'state', state: 'running' }));
      followers.add(response);
      response.once('close', () => followers.delete(response));
    } else if (pathname.startsWith('/v1/'))
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer(pathname, points, Number(searchParams.get('points') ?? Infinity))));
    else sendFile(response, dashboard, pathname);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    advance: (seconds) => {
      for (let left = seconds; left > 0; left -= 1) {
        const point = pointOf(points.length);
        points.push(point);
        const event = { type: 'interval', number: points.length, point, status: statusOf(points.length) };
        for (const follower of followers) follower.write(eventOf(points.length, event));
      }
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function eventOf(number: number, event: object): string {
  return `id: ${number}\ndata: ${JSON.stringify(event)}\n\n`;
}

function pointOf(second: number): Point {
  const wave = Math.round(20 * Math.sin(second / 300));
  return {
    at: new Date(START + second * 1_000).toISOString(),
    users: 100 + wave,
    requests: 1_000 + wave * 10,
    failures: second % 17,
    latencyBands: `8:${100 + wave},400,380,${90 + wave},20,${second % 9},1`,
    p50Ms: 10 + wave / 10,
    p95Ms: 25 + wave / 5,
    p99Ms: 60 + (second % 40),
  };
}

function statusOf(seconds: number): object {
  return {
    runId: 'fast',
    scenario: 'fast.ts',
    state: 'running',
    paused: false,
    elapsedMs: seconds * 1_000,
    plannedMs: null,
    users: 100,
    plannedUsers: 100,
    placedUsers: 100,
    cutOffUsers: 0,
    workers: { connected: 2, expected: 2, missing: 0 },
    busiestLanePercent: 20,
    address: 'tcp://127.0.0.1:5557',
    badFrames: 0,
    refusedWorkers: 0,
    refusals: {},
    stages: [],
    quantilesEverySeconds: 1,
    failed: { requests: 1, checks: 0, exceptions: 0 },
    notes: [],
  };
}

function answer(path: string, points: readonly Point[], most: number): object {
  const startedAt = new Date(START).toISOString();
  switch (path) {
    case '/v1/access':
      return { role: 'view' };
    case '/v1/runs/current':
      return {
        runId: 'fast',
        scenario: 'fast.ts',
        labels: {},
        state: 'running',
        workersWanted: 'all',
        submittedAt: startedAt,
        startedAt,
      };
    case '/v1/runs/current/status':
      return statusOf(points.length);
    case '/v1/runs/current/annotations':
      return { annotations: [] };
    case '/v1/runs/current/timeline':
      return timelineOf(points, most);
    case '/v1/runs/current/totals':
      return totalsOf(points);
    default:
      return {};
  }
}

function timelineOf(points: readonly Point[], most: number): object {
  const step = STEPS.find((one) => points.length / one <= most) ?? STEPS.at(-1)!;
  const merged = points
    .filter((_, index) => index % step === 0)
    .map((point) => ({ ...point, requests: point.requests * step, failures: point.failures * step }));
  return { fromSecond: 0, stepSeconds: step, points: merged, annotations: [] };
}

function totalsOf(points: readonly Point[]): object {
  const latencyMs = { min: 1, mean: 12, p50: 10, p90: 20, p95: 25, p99: 60, p99_9: 90, max: 120 };
  return {
    requests: points.length * 1_000,
    failures: points.length,
    interrupted: 0,
    rate: 1_000,
    bytesSent: 1,
    bytesReceived: 1,
    latencyMs,
  };
}

function sendFile(response: ServerResponse, dashboard: string, path: string): void {
  const name = path.slice('/assets/'.length);
  if (path === '/')
    response.setHeader('content-type', 'text/html').end(readFileSync(join(dashboard, 'index.html')));
  else if (path.startsWith('/assets/') && readdirSync(join(dashboard, 'assets')).includes(name))
    response
      .setHeader('content-type', name.endsWith('.css') ? 'text/css' : 'text/javascript')
      .end(readFileSync(join(dashboard, 'assets', name)));
  else response.writeHead(404).end();
}
