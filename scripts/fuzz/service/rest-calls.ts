import type { Random } from '../random.js';
import { spoilJson } from './spoil-json.js';

/** A request to the control API. */
export interface RestCall {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const IDS = [
  'current',
  'r',
  '0000',
  '..',
  '%2e%2e%2f',
  '%00',
  '__proto__',
  'x'.repeat(3_000),
  '%F0%9F%92%A5',
];
const NUMBERS = ['0', '1', '-1', '600', '1e3', '99999999999999999999', 'NaN', '', '0x10', '1.5', 'true'];
const FILTERS = [
  'requests>0',
  'p95>',
  '()'.repeat(500),
  'failures<1 requests>0',
  'name=~(a+)+$',
  '-p95',
  'é',
  '%',
];

/** Query parameters of each path of a run that has some. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  series: ['filter', 'sort', 'limit', 'after'],
  timeline: ['from', 'to', 'points'],
  logs: ['after', 'limit'],
};
const VIEWS = ['status', 'workers', 'stats', 'errors', 'annotations', 'result', ...Object.keys(QUERIES)];
const REPORTS = ['json', 'html', 'csv', 'history.csv', 'failures.csv', 'exceptions.csv', 'xml', 'md', 'exe'];

/** Orders with valid bodies. None of them ends the run or discards its counts. */
const ORDERS: Readonly<Record<string, unknown>> = {
  users: { users: 20, spawnRate: 100 },
  rate: { perSecond: 10, overMs: 100 },
  annotations: { text: 'a remark', at: '2026-01-01T00:00:00.000Z' },
};

/** A view or an order with values that are mostly wrong. */
export function viewOrOrder(random: Random, runId: string): RestCall {
  const id = random.below(2) === 0 ? runId : random.pick([...IDS, runId.slice(0, 5)]);
  const base = `/v1/runs/${id}`;
  switch (random.below(5)) {
    case 0:
      return { method: 'GET', path: `${base}/${random.pick(VIEWS)}` };
    case 1:
      return { method: 'GET', path: `${base}/report.${random.pick(REPORTS)}` };
    case 2: {
      const view = random.pick(Object.keys(QUERIES));
      return { method: 'GET', path: `${base}/${view}?${queryOf(random, QUERIES[view]!)}` };
    }
    case 3:
      return {
        method: 'GET',
        path: `/v1/runs?${queryOf(random, ['state', 'label', 'limit', 'after', 'x'])}`,
      };
    default: {
      const order = random.pick(Object.keys(ORDERS));
      return jsonCall('POST', `${base}/${order}`, spoilJson(ORDERS[order], random));
    }
  }
}

function queryOf(random: Random, names: readonly string[]): string {
  const pair = (): string =>
    `${random.pick(names)}=${encodeURIComponent(random.pick([...NUMBERS, ...FILTERS]))}`;
  return Array.from({ length: 1 + random.below(4) }, pair).join('&');
}

/** A submission that differs from a valid one. */
export function brokenSubmission(random: Random, valid: object): RestCall {
  const call = jsonCall('POST', '/v1/runs', spoilJson(valid, random));
  if (random.below(4) > 0) return call;
  const key = random.pick(['a key', 'x'.repeat(300), '']);
  return { ...call, headers: { ...call.headers, 'idempotency-key': key } };
}

/** An upload whose offset, size or hash is wrong, or a question about one. */
export function brokenUpload(random: Random, hashes: readonly string[]): RestCall {
  const hash = random.pick([...hashes, ...IDS, 'AB'.repeat(32), 'ab'.repeat(31)]);
  const path = `/v1/artifacts/${hash}`;
  if (random.below(4) === 0) {
    const asked = spoilJson({ hashes: [...hashes] }, random);
    return random.below(2) === 0 ? { method: 'GET', path } : jsonCall('POST', '/v1/artifacts/missing', asked);
  }
  const query = `offset=${random.pick(NUMBERS)}&size=${random.pick([...NUMBERS, '1000000000000'])}`;
  const body = new Uint8Array(random.bytes(random.below(4_000)));
  return {
    method: 'PUT',
    path: `${path}?${query}`,
    headers: { 'content-type': 'application/octet-stream' },
    body,
  };
}

function jsonCall(method: string, path: string, body: unknown): RestCall {
  return { method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) ?? '' };
}
