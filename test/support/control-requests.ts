import type { Message } from './grpc-control.js';
import { sampleSubmission } from './sample-submission.js';

const HASH = 'ab'.repeat(32);
const CURSOR = '2026-01-01T00:00:00.000Z.r0';

/** Valid requests of the operations that need more than a run. */
export const REQUESTS: Readonly<Record<string, Message>> = {
  SetUsers: { users: 7, spawnRate: 2, user: 'shopper' },
  SetRate: { perSecond: 12.5, overMs: 2_000 },
  GetTimeline: { from: 1, to: 5, points: 10 },
  ListRuns: {
    state: ['active', 'finished'],
    labels: { team: 'pay, core', branch: 'a\\b' },
    limit: 3,
    after: CURSOR,
  },
  ListSeries: { filter: 'method:POST', sort: '-p95', limit: 3, offset: 0 },
  ListLogs: { after: 1, limit: 5 },
  Annotate: { text: 'deployed', at: '2026-01-01T00:00:05.000Z' },
  GetReport: { format: 'json' },
  SubmitRun: { submission: JSON.stringify(sampleSubmission()), idempotencyKey: 'once' },
  CompareRuns: { baseline: 'r0-of-tests', run: 'r1-of-tests', margin: 10, skip: 5 },
  GetScenario: { path: 'shop/pay.ts' },
  InspectScenario: { name: 'pay.ts', text: 'export default 1' },
  StartScenario: {
    path: 'shop/pay.ts',
    options: { users: '5' },
    parameters: { items: '3' },
    secrets: { PASSWORD: 'kX9-7q-z' },
    labels: { branch: 'main' },
    workers: 2,
    maxWait: '30m',
    autostart: false,
    idempotencyKey: 'once',
  },
  FindMissingArtifacts: { hashes: [HASH] },
  GetUpload: { hash: HASH },
  DrainWorker: { worker: 'box-2' },
  UploadArtifact: { hash: HASH, offset: 2, size: 9, data: Buffer.from('abc') },
};
