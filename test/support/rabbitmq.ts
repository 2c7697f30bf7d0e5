import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './drumline.js';
import { freePort, isListening } from './processes.js';

/** The wrapper of Debian runs it as another user, with its own directories. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A RabbitMQ server, which can be restarted. Queues and messages survive. */
export class RabbitMq implements AsyncDisposable {
  private server: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly epmd: number,
    private readonly env: NodeJS.ProcessEnv,
    private readonly home: string,
  ) {}

  static async start(): Promise<RabbitMq> {
    const [port, epmd, dist] = [await freePort(), await freePort(), await freePort()];
    const home = await mkdtemp(join(tmpdir(), 'drumline-test-'));
    // Servers that drop their privileges write to it.
    await chmod(home, 0o777);
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      ERL_EPMD_PORT: String(epmd),
      RABBITMQ_NODENAME: `drumline-${port}@localhost`,
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(dist),
      RABBITMQ_BASE: home,
      RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
      RABBITMQ_LOG_BASE: join(home, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'plugins'),
      RABBITMQ_PID_FILE: join(home, 'pid'),
    };
    const server = new RabbitMq(port, epmd, env, home);
    await server.begin();
    return server;
  }

  get url(): string {
    return `amqp://127.0.0.1:${this.port}`;
  }

  /** Starts it, and waits until it listens. */
  async begin(): Promise<void> {
    this.server = spawn(SERVER, [], { stdio: 'ignore', env: this.env });
    await eventually(
      async () => ((await isListening(`tcp://127.0.0.1:${this.port}`)) ? true : undefined),
      60_000,
    );
  }

  /** Stops it; `begin` starts it again. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    const force = setTimeout(() => server.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(force);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    // It ends only after the server has left it.
    spawnSync('epmd', ['-port', String(this.epmd), '-kill'], { stdio: 'ignore' });
    await rm(this.home, { recursive: true, force: true });
  }
}
