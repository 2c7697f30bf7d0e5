import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Resource } from '@drumline/kubernetes';
import { Drumline } from './drumline.js';
import { masterOf, matches, type Job, type JobSpec } from './fake-resources.js';

const KUBECTL = fileURLToPath(new URL('fake-kubectl.mjs', import.meta.url));
const LOOK_EVERY_MS = 20;
/** Exit codes after which the Job of a master starts another pod. */
const REPLACED = [134, 137, 139, 143];

interface FakePod {
  readonly name: string;
  readonly job: Job;
  readonly index: number;
  readonly process: Drumline;
  port?: number;
  exitCode?: number;
}

interface Reply {
  readonly out?: string;
  readonly error?: string;
  readonly code: number;
}

/**
 * A cluster of one machine in a few lines: Jobs are processes of the built program, started from
 * the applied manifests. It knows what the commands need, and refuses everything else.
 */
export class FakeCluster implements AsyncDisposable {
  readonly pods: FakePod[] = [];
  /** Pods without a Job: they read the volume of one. */
  readonly readers = new Map<string, Drumline>();
  private readonly objects = new Map<string, Resource>();
  /** Where workers reach a Service, by its name. */
  private readonly services = new Map<string, string>();
  /** Warnings that `kubectl get events` prints. */
  readonly events: object[] = [];
  /** How long a pod is missing before the next one starts; undefined: the Job fails. */
  replaceAfterMs: number | undefined = 0;

  private constructor(
    private readonly directory: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<FakeCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'drumline-cluster-'));
    const server = createServer();
    const cluster = new FakeCluster(directory, server);
    server.on('request', (request, response) => {
      void text(request).then(async (body) => {
        const asked = JSON.parse(body) as { portOf?: string; args: string[]; input: string };
        const pod = cluster.alive.find(({ name }) => name === asked.portOf);
        const reply =
          asked.portOf === undefined ? await cluster.call(asked.args, asked.input) : { port: pod?.port };
        response.end(JSON.stringify(reply));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    await mkdir(join(directory, 'bin'));
    const program = join(directory, 'bin', 'kubectl');
    await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${KUBECTL}" "$@"\n`);
    await chmod(program, 0o755);
    return cluster;
  }

  /** The environment of a command that uses this cluster. */
  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.address() as AddressInfo;
    return {
      PATH: `${join(this.directory, 'bin')}:${process.env['PATH']}`,
      FAKE_CLUSTER: `http://127.0.0.1:${port}`,
    };
  }

  /** Kinds and names of what there is. */
  get left(): string[] {
    return [...this.objects.keys(), ...this.alive.map(({ name }) => `pod/${name}`), ...this.readers.keys()];
  }

  get alive(): FakePod[] {
    return this.pods.filter(({ exitCode }) => exitCode === undefined);
  }

  private async call(given: readonly string[], input: string): Promise<Reply> {
    const args = given.filter((arg, at) => !isPlace(arg) && !isPlace(given[at - 1]));
    const [verb, kind = '', name = ''] = args;
    const selector = valueAfter(args, '--selector');
    const print = (value: object): Reply => ({ out: JSON.stringify(value), code: 0 });
    if (verb === 'create') return print(await this.create(JSON.parse(input) as Resource));
    if (verb === 'get' && kind === 'pods') return print({ items: this.podsOf(selector) });
    if (verb === 'get' && kind === 'events') return print({ items: this.events });
    if (verb === 'get' && kind === 'jobs') {
      const only = valueAfter(args, '--field-selector')?.replace('metadata.name=', '');
      return print({
        items: this.jobs.filter(
          (job) => (only === undefined || job.metadata.name === only) && matches(job, selector),
        ),
      });
    }
    if (verb === 'logs' || kind === 'pod') return await this.reader(verb, verb === 'logs' ? kind : name);
    const found = this.objects.get(`${kind}/${name}`) as Job | undefined;
    if (verb === 'delete') {
      if (found) await this.delete(found);
      return { code: 0 };
    }
    if (!found) return { error: `Error from server (NotFound): ${kind} "${name}" not found`, code: 1 };
    if (verb === 'get') return print(found);
    if (verb === 'patch') {
      Object.assign(found.spec, (JSON.parse(valueAfter(args, '--patch')!) as { spec: object }).spec);
      await this.reconcile(found);
      return { code: 0 };
    }
    if (verb === 'label') {
      const [key, value] = args[3]!.split('=');
      found.metadata.labels[key!] = value!;
      return { code: 0 };
    }
    return { error: `error: unknown command "${args.join(' ')}"`, code: 1 };
  }

  private get jobs(): Job[] {
    return [...this.objects.values()].filter(({ kind }) => kind === 'Job') as Job[];
  }

  private async create(resource: Resource): Promise<Resource> {
    if (resource.kind === 'List') {
      for (const item of resource['items'] as Resource[]) await this.create(item);
      return resource;
    }
    if (resource.kind === 'Pod') return await this.startReader(resource);
    const created = {
      ...resource,
      metadata: { ...resource.metadata, uid: randomUUID(), creationTimestamp: new Date().toISOString() },
    } as Resource;
    if (created.kind === 'Secret') {
      const data = Object.entries(created['stringData'] as Record<string, string>);
      const encoded = data.map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
      Object.assign(created, { data: Object.fromEntries(encoded) as object });
    }
    this.objects.set(`${created.kind.toLowerCase()}/${created.metadata.name}`, created);
    if (created.kind === 'Job') await this.reconcile(Object.assign(created, { status: {} }) as Job);
    return created;
  }

  /** Starts a pod with the volumes of the Job that owns it. */
  private async startReader(pod: Resource): Promise<Resource> {
    const [owner] = (pod.metadata as { ownerReferences?: { name: string }[] }).ownerReferences ?? [];
    const spec = pod['spec'] as JobSpec['template']['spec'];
    const { metadata } = this.objects.get(`job/${owner!.name}`) as Job;
    const job = { metadata, spec: { template: { metadata, spec } } } as unknown as Job;
    const env = await this.environmentOf(job, 0);
    this.readers.set(pod.metadata.name, new Drumline(spec.containers[0]!.args, env));
    return pod;
  }

  private async reader(verb: string | undefined, name: string): Promise<Reply> {
    const reader = this.readers.get(name)!;
    if (verb === 'logs') return { out: reader.output, code: 0 };
    const { exitCode } = reader.child;
    const phase = exitCode === null ? 'Running' : exitCode === 0 ? 'Succeeded' : 'Failed';
    if (verb === 'get') return { out: JSON.stringify({ status: { phase } }), code: 0 };
    this.readers.delete(name);
    await reader[Symbol.asyncDispose]();
    return { code: 0 };
  }

  /** Starts the pods that a Job lacks, and ends those that it has too many. */
  private async reconcile(job: Job): Promise<void> {
    const { spec, status } = job;
    if (spec.suspend === true || 'conditions' in status) return;
    const own = this.pods.filter((pod) => pod.job === job);
    const wanted = spec.parallelism ?? 1;
    for (const pod of own) if (pod.index >= wanted) pod.process.signal('SIGTERM');
    const isIndexed = spec.completionMode === 'Indexed';
    if (isIndexed && !this.services.has(masterOf(job))) return;
    for (let index = 0; index < wanted; index += 1) {
      const has = own.some(
        (pod) => pod.index === index && (pod.exitCode === undefined || pod.exitCode === 0),
      );
      if (!has) await this.startPod(job, index);
    }
  }

  private async startPod(job: Job, index: number): Promise<void> {
    const [container] = job.spec.template.spec.containers;
    const name = `${job.metadata.name}-${index}-${randomUUID().slice(0, 5)}`;
    const env = await this.environmentOf(job, index);
    const pod: FakePod = { name, job, index, process: new Drumline(container!.args, env) };
    this.pods.push(pod);
    void pod.process.ended.then(async ({ code }) => {
      pod.exitCode = code ?? 137;
      await this.onExit(pod);
    });
    if (job.spec.completionMode === 'Indexed') return;
    void this.listens(pod);
  }

  /** The Service has its address, once the master has printed it. */
  private async listens(pod: FakePod): Promise<void> {
    const { output } = pod.process;
    const [, address] = /join at (tcp:\S+)/.exec(output) ?? [];
    const [, port] = /Control API at http:\/\/\S+:(\d+)/.exec(output) ?? [];
    if (pod.exitCode !== undefined) return;
    if (address === undefined || port === undefined)
      return void setTimeout(() => void this.listens(pod), LOOK_EVERY_MS);
    this.services.set(pod.job.metadata.name, address);
    pod.port = Number(port);
    for (const job of this.jobs) if (job !== pod.job) await this.reconcile(job);
  }

  private async onExit({ job, exitCode }: FakePod): Promise<void> {
    if (!this.objects.has(`job/${job.metadata.name}`)) return;
    const isIndexed = job.spec.completionMode === 'Indexed';
    const own = this.pods.filter((pod) => pod.job === job);
    if (isIndexed && own.some((pod) => pod.exitCode !== 0)) return;
    if (REPLACED.includes(exitCode!) && this.replaceAfterMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, this.replaceAfterMs).unref());
      return this.objects.has(`job/${job.metadata.name}`) ? await this.reconcile(job) : undefined;
    }
    const type = exitCode === 0 ? 'Complete' : 'Failed';
    Object.assign(job.status, { conditions: [{ type, status: 'True' }] });
  }

  private async environmentOf(job: Job, index: number): Promise<NodeJS.ProcessEnv> {
    const { containers, volumes } = job.spec.template.spec;
    const { env, volumeMounts } = containers[0]!;
    const values: Record<string, string> = { HOME: this.directory };
    const fields: Record<string, string> = {
      "metadata.labels['batch.kubernetes.io/controller-uid']": job.metadata.uid,
      "metadata.annotations['batch.kubernetes.io/job-completion-index']": String(index),
    };
    for (const { name, value, valueFrom } of env)
      values[name] = value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''] ?? '1';
    const places = new Map<string, string>();
    for (const { name, mountPath } of volumeMounts) {
      const path = join(this.directory, name === 'results' ? name : `${job.metadata.name}-${name}`);
      await mkdir(path, { recursive: true });
      const { secret } = volumes.find((volume) => volume.name === name) ?? {};
      const data =
        secret && (this.objects.get(`secret/${secret.secretName}`)?.['data'] as Record<string, string>);
      for (const item of secret?.items ?? [])
        await writeFile(join(path, item.path), Buffer.from(data![item.key]!, 'base64'), { mode: 0o600 });
      places.set(mountPath, path);
    }
    const log = join(this.directory, `${job.metadata.name}.termination`);
    await writeFile(log, '');
    places.set('/dev/termination-log', log);
    for (const [name, value] of Object.entries(values)) {
      const known = value.replaceAll(/\$\((\w+)\)/g, (_, other: string) => values[other] ?? '');
      const place = [...places].find(([path]) => known.startsWith(path));
      const moved = place ? known.replace(place[0], place[1]) : known;
      values[name] = moved
        .replace(/0\.0\.0\.0:(5557|8089)/, '127.0.0.1:0')
        .replace(/tcp:\/\/drumline-\S+:5557/, () => this.services.get(masterOf(job))!);
    }
    return values;
  }

  private podsOf(selector: string | undefined): object[] {
    const listed = this.pods.filter(
      ({ job }) => this.objects.has(`job/${job.metadata.name}`) && matches(job, selector),
    );
    return listed.map(({ name, job, port, exitCode }) => {
      const isMaster = job.spec.completionMode !== 'Indexed';
      const state = exitCode === undefined ? { running: {} } : { terminated: { exitCode, message: '' } };
      return {
        metadata: { name, uid: name, labels: job.spec.template.metadata.labels },
        status: {
          phase: exitCode === undefined ? 'Running' : exitCode === 0 ? 'Succeeded' : 'Failed',
          containerStatuses: [{ ready: exitCode === undefined && (!isMaster || port !== undefined), state }],
        },
      };
    });
  }

  /** Deletes a Job with everything that belongs to it, and waits for the end of its pods. */
  private async delete(job: Job): Promise<void> {
    const ending: FakePod[] = [];
    for (const [key, object] of this.objects) {
      const owners = (object.metadata as { ownerReferences?: { uid: string }[] }).ownerReferences ?? [];
      if (object !== job && !owners.some(({ uid }) => uid === job.metadata.uid)) continue;
      this.objects.delete(key);
      ending.push(...this.pods.filter((pod) => (pod.job as Resource) === object));
    }
    await Promise.all(ending.map(({ process: own }) => own.terminate()));
  }

  /** The termination message of a Job's last pod. */
  async termination(job: string): Promise<unknown> {
    return JSON.parse(await readFile(join(this.directory, `${job}.termination`), 'utf8'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.objects.clear();
    for (const program of [...this.pods.map(({ process: own }) => own), ...this.readers.values()])
      await program[Symbol.asyncDispose]();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.directory, { recursive: true, force: true });
  }
}

function isPlace(arg: string | undefined): boolean {
  return arg === '--namespace' || arg === '--context';
}

function valueAfter(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}
