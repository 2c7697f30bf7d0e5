import type { RunsQuery, RunView } from '@drumline/wire';
import type { ArtifactUploads, ControlPlane } from '../../packages/master/src/service/control-plane.js';
import { SingleRun } from '../../packages/master/src/service/single-run.js';
import { NO_CLUSTER, type FakeRun } from './control-api.js';

/** A master that takes submissions, and records them among the orders of its run. */
export class RecordingPlane implements ControlPlane {
  private readonly one: SingleRun;

  constructor(private readonly fake: FakeRun) {
    this.one = new SingleRun(fake, NO_CLUSTER);
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
}
