import type { CompareQuery, ComparisonView, RunsQuery, RunView, ScenarioView } from '@drumline/wire';
import type {
  ArtifactUploads,
  ControlPlane,
  StartableScenarios,
} from '../../packages/master/src/service/control-plane.js';
import { SingleRun } from '../../packages/master/src/service/single-run.js';
import { NO_CLUSTER, type FakeRun } from './control-api.js';

/** A master that takes submissions, and records them among the orders of its run. */
export class RecordingPlane implements ControlPlane {
  private readonly one: SingleRun;

  constructor(private readonly fake: FakeRun) {
    this.one = new SingleRun(fake, NO_CLUSTER, true);
  }
  health = () => this.one.health();
  workers = () => this.one.workers();
  runs = (query: RunsQuery = {}) => {
    const { state, labels, limit, after } = query;
    this.fake.orders.push(`runs ${JSON.stringify({ state, labels, limit, after })}`);
    return this.one.runs(query);
  };
  run = (id: string) => this.one.run(id);
  drain = (worker: string): string => {
    this.fake.orders.push(`drain ${worker}`);
    return `${worker} leaves`;
  };
  delete = async (id: string): Promise<string> => {
    this.one.run(id);
    this.fake.orders.push(`delete ${id}`);
    return await Promise.resolve('deleted');
  };
  runFile = (id: string) => this.one.runFile(id);
  submit = async (submission: unknown, key?: string): Promise<RunView> => {
    this.fake.orders.push(`submit ${key}: ${JSON.stringify(submission)}`);
    return await Promise.resolve(this.fake.view());
  };
  finish = () => {
    this.fake.orders.push('finish');
    return 'The master exits.';
  };
  readonly uploads: ArtifactUploads = {
    missing: async (ids) => {
      this.fake.orders.push(`missing ${ids.length}`);
      return await Promise.resolve([...ids]);
    },
    uploadedBytes: async (id) => {
      this.fake.orders.push(`uploaded ${id}`);
      return await Promise.resolve(5);
    },
    append: async ({ id, size }, offset, bytes) => {
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      this.fake.orders.push(`append ${id} ${size} ${offset} ${Buffer.concat(parts).toString()}`);
      return offset + Buffer.concat(parts).length;
    },
  };
  compare = async ({ baseline, run, margin, skip }: CompareQuery): Promise<ComparisonView> => {
    this.fake.orders.push(`compare ${baseline} ${run} ${margin} ${skip}`);
    return await Promise.resolve(COMPARISON);
  };
  readonly scenarios: StartableScenarios = {
    list: async () => {
      const scenarios = [{ path: 'shop/pay.ts', changedAt: '2026-01-01T00:00:00.000Z' }];
      return await Promise.resolve({ scenarios, hasDirectory: true });
    },
    describe: async (path) => {
      this.fake.orders.push(`describe ${path}`);
      return await Promise.resolve({ ...SCENARIO, path });
    },
    inspect: async ({ name, text }) => {
      this.fake.orders.push(`inspect ${name} ${text}`);
      return await Promise.resolve({ ...SCENARIO, path: name });
    },
    start: async (start, key) => {
      this.fake.orders.push(`start ${key} ${sorted(start)}`);
      return await Promise.resolve(this.fake.view());
    },
  };
}

/** JSON with sorted keys: the order of the members is not part of a request. */
function sorted(value: object): string {
  return JSON.stringify(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const COMPARED_RUN = {
  id: 'r0-of-tests',
  scenario: 'shop',
  startedAt: '2026-01-01T00:00:00.000Z',
  fromSecond: 5,
  toSecond: 65,
  requests: 600,
  rate: 10,
  meanUsers: 2,
};
const COUNTS = {
  requests: { before: 600, after: 610 },
  verdict: 'worse' as const,
  statistics: [
    {
      name: 'p95',
      before: 20,
      after: null,
      change: 0.2,
      low: 0.1,
      high: 0.3,
      verdict: 'worse' as const,
      word: 'worse',
      text: 'rose by 20 %',
    },
  ],
};
const COMPARISON: ComparisonView = {
  baseline: COMPARED_RUN,
  compared: { ...COMPARED_RUN, id: 'r1-of-tests', target: 'http://shop', labels: { branch: 'main' } },
  remarks: [{ code: 'too-short', message: 'Only 5 s can be compared.' }],
  confidence: 0.95,
  margin: { ratio: 0.05, errorRate: 0.001 },
  verdict: 'worse',
  meaning: 'The new run is worse, and not by chance.',
  advice: 'Run for some minutes.',
  totals: COUNTS,
  series: [
    { ...COUNTS, protocol: 'http', method: 'GET', name: '/', user: 'a', tags: { t: '1' }, word: 'worse' },
  ],
  distribution: { edgesMs: [1, 2, 4], before: [0.25, 0.75], after: [0.5, 0.5] },
};

const SCENARIO: ScenarioView = {
  path: 'pay.ts',
  name: 'pay',
  description: 'Pays.',
  target: 'http://127.0.0.1:8000',
  parameters: [
    { name: 'items', kind: 'number', default: 5, min: '1', max: '9', required: false, secret: false },
    { name: 'password', kind: 'text', required: true, secret: true, env: 'PASSWORD', help: 'of the user' },
    { name: 'profile', kind: 'text', choices: ['smoke', 'load'], required: false, secret: false },
  ],
  userTypes: [{ name: 'payer', weight: 1.5, tasks: ['pay'] }],
  load: ['hold 5 until stopped'],
  length: 'until stopped',
  thresholds: ['p95 < 200ms'],
  problems: [{ where: "param('password')", message: 'has no value', hint: 'pass one' }],
};
