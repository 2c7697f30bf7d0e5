import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The reason why nothing can be tried in a cluster; undefined if it can. */
export async function whyNoCluster(): Promise<string | undefined> {
  if (!process.env['KUBECONFIG']) return 'KUBECONFIG is not set';
  const { exitCode, stderr } = await attempt(['get', 'nodes', '--request-timeout=10s']);
  return exitCode === 0 ? undefined : stderr.trim().split('\n').at(-1);
}

/** Runs `kubectl`; fails unless it exits with 0. */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(args, input);
  if (exitCode === 0) return stdout.trim();
  throw new Error(
    `kubectl ${args.join(' ')} ended with ${exitCode}:\n${`${stdout}\n${stderr}`.slice(-4_000)}`,
  );
}

/** Runs `kubectl` whatever its outcome. */
export function attempt(args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile('kubectl', args, { maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr: stderr || (error?.message ?? '') });
    });
    child.stdin!.end(input);
  });
}

/** A local port that leads to a port of a resource, as long as the scope lasts. */
export class PortForward implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async to(namespace: string, resource: string, port: number): Promise<PortForward> {
    const child = spawn('kubectl', ['--namespace', namespace, 'port-forward', resource, `:${port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) {
      const local = /^Forwarding from (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (local === undefined) continue;
      return new PortForward(`http://${local}`, async () => {
        child.kill();
        await ended;
      });
    }
    throw new Error(`kubectl port-forward ${resource} ended`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
