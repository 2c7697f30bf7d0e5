// Starts the containers of the manifests as processes of this machine: their arguments and
// environment work together, and the counts are exact.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Container, EnvVar } from 'kubernetes-types/core/v1.js';
import { parseValues, renderManifests } from '@drumline/kubernetes';
import { MasterKey } from '@drumline/wire/security';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';
import { containerOf, partsOf } from './forms.js';

const folder = tempProjects();

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

interface Result {
  readonly exitCode: number;
  readonly totals: { readonly requests: number };
  readonly workers: readonly { readonly id: string }[];
}

test('a run of a scenario: the master’s pod is evicted, and the next one of the Job resumes the run', async () => {
  const pods = new Pods({ scenario: { configMap: 'any' }, workers: { count: 2, cpu: 1 } });
  await using master = pods.start('master', { DRUMLINE_TARGET: target.url, DRUMLINE_RUN_TIME: '8s' });
  const address = (await master.prints(/join at (\S+)/))[1]!;
  const api = (await master.prints(/Control API at http:\/\/(\S+)/))[1]!;
  // As `kubectl exec` runs it.
  await using workers = pods.exec(['workers'], { DRUMLINE_API: `http://${api}` });
  expect((await workers.ended).code).toBe(0);
  await using first = pods.start('worker', { INDEX: '0', DRUMLINE_MASTER: address });
  await using second = pods.start('worker', { INDEX: '1', DRUMLINE_MASTER: address });
  await eventually(() => target.count > 0 || undefined);
  master.signal('SIGTERM');
  expect((await master.ended).code).toBe(143);

  await using next = pods.start('master', {
    DRUMLINE_TARGET: target.url,
    DRUMLINE_RUN_TIME: '8s',
    DRUMLINE_BIND: address,
    DRUMLINE_API: api,
  });
  expect(await next.ended).toMatchObject({ code: 0, output: expect.not.stringContaining('warning') });
  for (const worker of [first, second]) expect((await worker.ended).code).toBe(0);
  const result = pods.read('results/result-uid.json') as Result;
  expect(result.totals.requests).toBe(target.count);
  expect(result.workers.map(({ id }) => id).sort()).toEqual(['worker-0', 'worker-1']);
  expect(existsSync(pods.path('results/report-uid.html'))).toBe(true);
  expect(pods.read('termination-log')).toMatchObject({ exitCode: 0 });
});

test('a run of a submission', async () => {
  const pods = new Pods({ workers: { count: 1, cpu: 1 }, master: { linger: '10s' } });
  await using master = pods.start('master');
  const address = (await master.prints(/join at (\S+)/))[1]!;
  const api = (await master.prints(/Control API at (\S+)/))[1]!;
  await using worker = pods.start('worker', { INDEX: '0', DRUMLINE_MASTER: address });
  await using submit = pods.exec(
    ['submit', scenarioPath('quick'), '--target', target.url, '--run-time', '1s', '--watch'],
    { DRUMLINE_API: api },
  );
  expect(await submit.ended).toMatchObject({ code: 0 });
  expect((await worker.ended).code).toBe(0);
  expect((pods.read('results/result-uid.json') as Result).totals.requests).toBe(target.count);
  expect(pods.read('termination-log')).toMatchObject({ exitCode: 0 });
});

/** The containers of a run, with the paths of their volumes below a directory of this machine. */
class Pods {
  private readonly parts;
  private readonly directory: string;

  constructor(values: object) {
    this.parts = partsOf(renderManifests(parseValues(values)));
    const key = MasterKey.generate();
    this.directory = folder({
      'credentials/key': key.text,
      'credentials/token': key.workerToken.text,
      'credentials/api-token': key.apiToken.text,
      'results/.keep': '',
      'scenario/scenario.ts': readFileSync(scenarioPath('quick'), 'utf8'),
    });
    for (const name of ['key', 'token', 'api-token']) chmodSync(this.path(`credentials/${name}`), 0o400);
  }

  /** @param own variables that differ on this machine, such as addresses */
  start(role: 'master' | 'worker', own: Readonly<Record<string, string>> = {}): Drumline {
    const container = containerOf(this.parts[role]);
    return new Drumline(
      container.args!.map((arg) => this.here(arg)),
      this.environment(container, own),
    );
  }

  /** A command in the master's container. */
  exec(args: readonly string[], own: Readonly<Record<string, string>>): Drumline {
    return new Drumline(args, this.environment(containerOf(this.parts.master), own));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  read(name: string): unknown {
    return JSON.parse(readFileSync(this.path(name), 'utf8'));
  }

  private environment(
    { env = [], resources }: Container,
    own: Readonly<Record<string, string>>,
  ): Record<string, string> {
    const result: Record<string, string> = {};
    for (const variable of env) {
      const written = own[variable.name] ?? this.valueOf(variable, String(resources!.limits!['cpu']));
      const value = written.replaceAll(/\$\((\w+)\)/g, (_, name: string) => result[name]!);
      result[variable.name] = variable.name in own ? value : this.here(value);
    }
    return { ...result, ...own };
  }

  /** What the kubelet would set. */
  private valueOf({ value, valueFrom }: EnvVar, cpus: string): string {
    if (valueFrom?.resourceFieldRef) return cpus;
    if (valueFrom?.fieldRef) return 'uid';
    return value ?? '';
  }

  /** Paths of the container become paths of this machine, and ports free ones. */
  private here(text: string): string {
    return text
      .replace(/^\/etc\/drumline\/|^\/dev\/|^\/(?=results|scenario)/, `${this.directory}/`)
      .replace(/0\.0\.0\.0:\d+$/, '127.0.0.1:0');
  }
}
