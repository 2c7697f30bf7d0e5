import { randomBytes } from 'node:crypto';
import { parseValues, renderManifests } from '@drumline/kubernetes';
import { MasterKey } from '@drumline/wire/security';
import { attempt, kubectl } from './kubectl.js';

/** Both must be on the cluster's nodes or in a registry that they reach. */
export const IMAGE = process.env['IMAGE'] ?? 'drumline';
const TARGET_IMAGE = process.env['TARGET_IMAGE'] ?? 'drumline-target';

export interface Result {
  readonly exitCode: number;
  readonly run: { readonly startedAt: string };
  readonly totals: { readonly requests: number; readonly failures: number; readonly interrupted: number };
  readonly workers: readonly { readonly id: string }[];
}

export interface Plan {
  readonly users: number;
  readonly seconds: number;
}

/** What the pod security standard "restricted" requires of a pod. */
export const RESTRICTED_POD = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, runAsUser: 1_000, seccompProfile: { type: 'RuntimeDefault' } },
};

/** What it requires of a container. */
export const RESTRICTED_CONTAINER = {
  imagePullPolicy: 'IfNotPresent',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};

/**
 * A namespace of its own with credentials. It admits only pods that keep to the pod security
 * standard "restricted". It is deleted when the scope ends.
 */
export class Namespace implements AsyncDisposable {
  private constructor(
    readonly name: string,
    readonly apiToken: string,
  ) {}

  static async create(): Promise<Namespace> {
    const name = `drumline-test-${randomBytes(4).toString('hex')}`;
    await kubectl(['create', 'namespace', name]);
    await kubectl(['label', 'namespace', name, 'pod-security.kubernetes.io/enforce=restricted']);
    const key = MasterKey.generate();
    const literals = {
      DRUMLINE_KEY: key.text,
      DRUMLINE_TOKEN: key.workerToken.text,
      DRUMLINE_API_TOKEN: key.apiToken.text,
    };
    const namespace = new Namespace(name, literals.DRUMLINE_API_TOKEN);
    const entries = Object.entries(literals).map(([variable, text]) => `--from-literal=${variable}=${text}`);
    await namespace.kubectl(['create', 'secret', 'generic', 'drumline', ...entries]);
    return namespace;
  }

  async kubectl(args: readonly string[], input?: string): Promise<string> {
    return await kubectl(['--namespace', this.name, ...args], input);
  }

  async apply(resources: readonly object[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: resources };
    await this.kubectl(['apply', '--filename', '-'], JSON.stringify(list));
  }

  /** A target of its own for each run, so that its count is the run's. */
  async startTarget(name: string): Promise<void> {
    const labels = { target: name };
    const container = { ...RESTRICTED_CONTAINER, name: 'target', image: TARGET_IMAGE };
    await this.apply([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels },
        spec: {
          ...RESTRICTED_POD,
          terminationGracePeriodSeconds: 0,
          containers: [{ ...container, readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } }],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector: labels, ports: [{ port: 8080 }] },
      },
    ]);
    await this.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s']);
  }

  /** The target's own count of requests. */
  async countOf(target: string): Promise<number> {
    const ask =
      "fetch('http://127.0.0.1:8080/__count').then((r) => r.json()).then((r) => console.log(r.requests))";
    return Number(await this.kubectl(['exec', target, '--', 'node', '-e', ask]));
  }

  /** Starts a target, a master and workers. */
  async run(name: string, { users, seconds }: Plan, workers = 3): Promise<Run> {
    await this.startTarget(`target-${name}`);
    const values = parseValues({
      name,
      image: imageValues(),
      target: `http://target-${name}:8080`,
      scenario: { files: { 'scenario.ts': scenario(users, seconds) } },
      master: { cpu: 1, memory: '512Mi' },
      workers: { cpu: 1, memory: '512Mi', count: workers },
    });
    const appliedAt = Date.now();
    await this.apply(renderManifests(values));
    return new Run(this, name, appliedAt);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Jobs first: a namespace waits for its pods, and a Job replaces them.
    await this.kubectl(['delete', 'jobs', '--all', '--wait=false']);
    await kubectl(['delete', 'namespace', this.name, '--wait=false']);
  }
}

export class Run {
  constructor(
    private readonly namespace: Namespace,
    readonly name: string,
    readonly appliedAt: number,
  ) {}

  job(component: 'master' | 'worker'): string {
    return `drumline-${this.name}-${component}`;
  }

  async pods(component: 'master' | 'worker'): Promise<string[]> {
    const names = await this.namespace.kubectl([
      'get',
      'pods',
      '--selector',
      `app.kubernetes.io/instance=${this.name},app.kubernetes.io/component=${component}`,
      '--field-selector=status.phase=Running',
      '--output=jsonpath={.items[*].metadata.name}',
    ]);
    return names.split(' ').filter((name) => name !== '');
  }

  /** The output of a command in the master's pod; undefined while it does not answer. */
  async command(...args: readonly string[]): Promise<string | undefined> {
    const exec = ['--namespace', this.namespace.name, 'exec', `job/${this.job('master')}`, '--'];
    const { exitCode, stdout } = await attempt([...exec, 'drumline', ...args]);
    return exitCode === 0 ? stdout : undefined;
  }

  /** Waits until the run has lasted this long by the master's clock. */
  async runningFor(seconds: number): Promise<void> {
    await until(`the run ${this.name} lasts ${seconds} s`, async () => {
      const status = JSON.parse((await this.command('status', '--json')) ?? '{}') as {
        state?: string;
        elapsedMs?: number;
      };
      return status.state === 'running' && status.elapsedMs! >= seconds * 1_000;
    });
  }

  async scale(workers: number): Promise<void> {
    const patch = JSON.stringify({ spec: { parallelism: workers, completions: workers } });
    await this.namespace.kubectl(['patch', 'job', this.job('worker'), '--patch', patch]);
  }

  /** Waits until both Jobs have ended; returns the result from the volume. */
  async result(): Promise<Result> {
    for (const component of ['master', 'worker'] as const) {
      await until(`the Job ${this.job(component)} ends`, async () => {
        const type = '--output=jsonpath={.status.conditions[?(@.status=="True")].type}';
        const types = await this.namespace.kubectl(['get', 'job', this.job(component), type]);
        if (types.includes('Failed')) throw new Error(`${component} failed: ${await this.logs(component)}`);
        return types.includes('Complete');
      });
    }
    return await this.storedResult();
  }

  private async logs(component: 'master' | 'worker'): Promise<string> {
    return await this.namespace.kubectl(['logs', '--tail=30', `job/${this.job(component)}`]);
  }

  private async storedResult(): Promise<Result> {
    const reader = `reader-${this.name}`;
    const volume = { name: 'results', mountPath: '/results', readOnly: true };
    const container = { ...RESTRICTED_CONTAINER, image: IMAGE, name: 'reader' };
    await this.namespace.apply([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: reader },
        spec: {
          ...RESTRICTED_POD,
          restartPolicy: 'Never',
          containers: [
            {
              ...container,
              command: ['sh', '-c', "cat $(find /results -name 'result*.json')"],
              volumeMounts: [volume],
            },
          ],
          volumes: [
            { name: 'results', persistentVolumeClaim: { claimName: `drumline-${this.name}-results` } },
          ],
        },
      },
    ]);
    const ended = '--for=jsonpath={.status.phase}=Succeeded';
    await this.namespace.kubectl(['wait', ended, `pod/${reader}`, '--timeout=120s']);
    return JSON.parse(await this.namespace.kubectl(['logs', reader])) as Result;
  }
}

export function imageValues(): object {
  const [repository, tag = 'latest'] = IMAGE.split(/:(?=[^/]+$)/);
  return { repository, tag, pullPolicy: 'IfNotPresent' };
}

export async function until(what: string, happens: () => Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await happens())) {
    if (Date.now() - since > 180_000) throw new Error(`Waited for three minutes until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Some requests are always in flight, so a draining worker has requests to finish. */
function scenario(users: number, seconds: number): string {
  return `
    import { constant, scenario, startWith, user } from 'drumline';
    const visitor = user('visitor', {
      wait: constant('50ms'),
      tasks: {
        async browse({ http }) {
          await http.get('/products');
        },
        async wait({ http }) {
          await http.get('/slow?ms=500', { name: '/slow' });
        },
      },
    });
    export default scenario({ users: [visitor], load: startWith(${users}).hold('${seconds}s') });
  `;
}
