import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const NODE_IMAGE = process.env['NODE_IMAGE'] ?? 'node:26-trixie-slim';

/**
 * Options for special networks, for example `--network host --build-arg
 * NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt`.
 */
const BUILD_OPTIONS = (process.env['DOCKER_BUILD_OPTIONS'] ?? '')
  .split(' ')
  .filter((option) => option !== '');

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The reason why images cannot be built and run here; undefined if they can. */
export async function whyNoDocker(): Promise<string | undefined> {
  const engine = await attempt('docker', ['version']);
  if (engine.exitCode !== 0) return `no Docker engine: ${lastLine(engine.stderr)}`;
  if ((await composeCommand()) === undefined)
    return 'neither `docker compose` nor `docker-compose` is installed';
  if ((await attempt('docker', ['image', 'inspect', NODE_IMAGE])).exitCode === 0) return undefined;
  const pull = await attempt('docker', ['pull', '--quiet', NODE_IMAGE]);
  return pull.exitCode === 0 ? undefined : `no base image ${NODE_IMAGE}: ${lastLine(pull.stderr)}`;
}

/** Runs `docker`; fails unless it exits with 0. */
export async function docker(...args: readonly string[]): Promise<string> {
  return required('docker', args, await attempt('docker', args));
}

export async function buildImage(target: string, tag: string): Promise<void> {
  const file = ['--file', join(ROOT, 'docker/Dockerfile'), '--build-arg', `NODE_IMAGE=${NODE_IMAGE}`];
  await docker('build', ...BUILD_OPTIONS, ...file, '--target', target, '--tag', tag, ROOT);
}

export async function sizeOf(image: string): Promise<number> {
  return Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
}

export async function sizeOfBase(): Promise<number> {
  return await sizeOf(NODE_IMAGE);
}

/**
 * The services of the compose file under a separate project name. They and their volumes are
 * removed when the scope ends.
 */
export class Composed implements AsyncDisposable {
  private constructor(
    private readonly project: string,
    private readonly env: Record<string, string>,
    private readonly files: readonly string[],
  ) {}

  static async up(
    workers: number,
    env: Record<string, string>,
    files: readonly string[] = ['compose.yaml'],
  ): Promise<Composed> {
    const port = String(await freePort());
    const settings = { ...env, WORKERS: String(workers), API_PORT: port };
    const composed = new Composed(`drumline-test-${port}`, settings, files);
    await composed.run('up', '--detach', '--no-build', '--scale', `worker=${workers}`);
    return composed;
  }

  async run(...args: readonly string[]): Promise<string> {
    const [file, ...first] = (await composeCommand())!;
    const files = this.files.flatMap((name) => ['--file', join(ROOT, 'docker', name)]);
    const all = [...first, ...files, '--project-name', this.project, ...args];
    return required(file!, all, await attempt(file!, all, this.env));
  }

  /** Ids of the containers of a service, including ended ones. */
  async containers(service: string): Promise<string[]> {
    const label = (name: string, value: string) => ['--filter', `label=com.docker.compose.${name}=${value}`];
    const ids = await docker(
      'ps',
      '--all',
      '--quiet',
      ...label('project', this.project),
      ...label('service', service),
    );
    return ids.split('\n');
  }

  /** Cuts a container off from all others, or connects it again under the name of its service. */
  async network(change: 'connect' | 'disconnect', container: string, service: string): Promise<void> {
    const alias = change === 'connect' ? ['--alias', service] : [];
    await docker('network', change, ...alias, `${this.project}_default`, container);
  }

  /** Waits until the health check of a container succeeds. */
  async healthy(container: string): Promise<void> {
    const since = Date.now();
    while ((await docker('inspect', '--format', '{{.State.Health.Status}}', container)) !== 'healthy') {
      if (Date.now() - since > 60_000) throw new Error(`not healthy: ${await this.run('logs')}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Waits until a run has lasted this long by the master's clock. */
  async runningFor(seconds: number): Promise<void> {
    const since = Date.now();
    for (;;) {
      const status = await this.status().catch(() => undefined);
      if (status?.state === 'running' && status.elapsedMs >= seconds * 1_000) return;
      if (Date.now() - since > 60_000) throw new Error(`no run: ${await this.run('logs')}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /**
   * The status from the control API. The port of a starting container may accept connections but
   * never answer.
   */
  private async status(): Promise<{ state: string; elapsedMs: number }> {
    const url = `http://127.0.0.1:${this.env['API_PORT']}/v1/runs/current/status`;
    const headers = { authorization: `Bearer ${this.env['DRUMLINE_API_TOKEN']}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(1_000) });
    return (await answer.json()) as { state: string; elapsedMs: number };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run('down', '--volumes', '--timeout', '5');
  }
}

async function composeCommand(): Promise<readonly string[] | undefined> {
  if ((await attempt('docker', ['compose', 'version'])).exitCode === 0) return ['docker', 'compose'];
  return (await attempt('docker-compose', ['version'])).exitCode === 0 ? ['docker-compose'] : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function attempt(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}

function required(file: string, args: readonly string[], { exitCode, stdout, stderr }: Outcome): string {
  if (exitCode === 0) return stdout.trim();
  throw new Error(
    `${file} ${args.join(' ')} ended with ${exitCode}:\n${`${stdout}\n${stderr}`.slice(-4_000)}`,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!;
}
