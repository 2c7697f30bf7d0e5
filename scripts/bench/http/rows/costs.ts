import type { Goal } from '../../harness/compare.js';
import type { HttpRow } from '../bench.js';
import { costRow } from './cost.js';

const ratio = (peer: string, atMost: number): Goal => ({ peer, as: 'ratio', atMost });

/** The cost of Node's sockets alone, the minimum for any generator in JavaScript. */
const FLOOR: Goal = { peer: 'node-socket', as: 'ratio' };

const PLAIN = { door: 'plain' } as const;
const TLS = { door: 'tls' } as const;
const USERS = 50;

/** The goals for the cost of a request, compared with a peer. */
export const COST_ROWS: readonly HttpRow[] = [
  costRow({
    ...PLAIN,
    group: 'h1',
    title: 'HTTP/1.1, status checked',
    aim: { connections: USERS, scenario: 'http/status' },
    goals: [ratio('wrk', 1.3), ratio('locust', 1 / 8), ratio('autocannon', 1), FLOOR],
  }),
  costRow({
    ...PLAIN,
    group: 'h1',
    title: 'HTTP/1.1, 1 KB read as JSON',
    aim: { connections: USERS, scenario: 'http/json' },
    goals: [ratio('wrk', 1.9)],
  }),
  costRow({
    ...TLS,
    group: 'tls',
    title: 'HTTPS, status checked',
    aim: { connections: USERS, scenario: 'http/status' },
    goals: [ratio('wrk', 1.2), FLOOR],
  }),
  costRow({
    ...TLS,
    group: 'tls',
    title: 'HTTPS, 1 KB read as JSON',
    aim: { connections: USERS, scenario: 'http/json' },
    goals: [ratio('wrk', 1.7)],
  }),
  costRow({
    ...TLS,
    group: 'fresh',
    title: 'HTTPS, a resumed connection each',
    aim: { connections: USERS, fresh: 'resumed', scenario: 'http/fresh-resumed' },
    goals: [ratio('node-tls', 1.1)],
  }),
  costRow({
    group: 'fresh',
    title: 'HTTPS, a full handshake each',
    door: 'tlsWithoutResumption',
    aim: { connections: USERS, fresh: 'full', scenario: 'http/fresh-full' },
    goals: [ratio('node-tls', 1.1)],
  }),
  costRow({
    group: 'h2',
    title: 'HTTP/2, 1 connection × 50 streams',
    door: 'h2',
    aim: { protocol: 'h2', connections: 1, streams: USERS, scenario: 'http/h2-shared' },
    goals: [ratio('h2load', 1.3)],
  }),
  costRow({
    group: 'h2',
    title: 'HTTP/2, 50 connections × 1 stream',
    door: 'h2',
    aim: { protocol: 'h2', connections: USERS, scenario: 'http/h2' },
    goals: [ratio('h2load', 1.3)],
  }),
  ...[500, 2_000].map((connections) =>
    costRow({
      ...PLAIN,
      group: 'connections',
      title: `HTTP/1.1, ${connections} connections`,
      aim: { connections, scenario: 'http/status' },
      goals: [ratio('wrk', 1.3), FLOOR],
    }),
  ),
  costRow({
    ...PLAIN,
    group: 'think',
    title: 'think time, 20,000/s over 2,000 connections',
    aim: { connections: 2_000, requestsPerSecond: 20_000, scenario: 'http/think' },
    goals: ['h2load', 'autocannon', 'undici', 'hey', 'k6'].map((peer) => ratio(peer, 1)),
  }),
  costRow({
    ...PLAIN,
    group: 'own',
    title: 'all beside the engine',
    aim: { connections: USERS, scenario: 'http/status' },
    goals: [{ peer: 'engine', as: 'differenceUs', atMost: 1.5 }],
  }),
];
