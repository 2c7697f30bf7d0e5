import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from './drumline.js';
import { freePort } from './processes.js';

const INSTALLED = '/usr/lib/postgresql';

/** The newest version of PostgreSQL on this machine; undefined if there is none. */
export const postgresVersion = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort().at(-1) : undefined;

/** The server refuses to run as root. */
const AS_POSTGRES =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];

/** A PostgreSQL server on a free port, with the superuser `shop`. Its data lives as long as it. */
export class PostgresServer implements AsyncDisposable {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    /** The directory of its data, and of whatever tests put beside it. */
    readonly directory: string,
  ) {}

  /** @param auth `trust`, or `scram-sha-256` with the password `secret` */
  static async start(auth: 'trust' | 'scram-sha-256' = 'trust'): Promise<PostgresServer> {
    const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
    // The server drops its privileges.
    await chmod(directory, 0o777);
    const server = new PostgresServer(await freePort(), directory);
    const passwordFile = join(directory, 'password');
    await writeFile(passwordFile, 'secret\n');
    const password = auth === 'trust' ? [] : [`--pwfile=${passwordFile}`];
    const created = server.execute('initdb', ['-N', '-A', auth, '-U', 'shop', ...password]);
    if (created.status !== 0) throw new Error(created.stderr);
    await server.restart();
    return server;
  }

  /** The URL of a database. */
  url(database = 'postgres', user = 'shop:secret'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** Executes a statement with its own connection. */
  async query<T extends object>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    const client = new pg.Client(this.url());
    await client.connect();
    try {
      return (await client.query<T>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Creates a directory that belongs to the server. */
  mkdir(path: string): void {
    const words = [...AS_POSTGRES, 'mkdir', path];
    spawnSync(words[0]!, words.slice(1));
  }

  /** Starts the server again, after `stop`. */
  async restart(): Promise<void> {
    const options = ['-c', 'unix_socket_directories=', '-c', 'fsync=off'];
    const [program, ...args] = this.command('postgres', ['-p', String(this.port), ...options]);
    this.process = spawn(program, args, { stdio: 'ignore' });
    await eventually(
      () =>
        this.query('SELECT 1').then(
          () => true,
          () => undefined,
        ),
      60_000,
    );
  }

  /** Stops the server at once, and disconnects its clients. */
  async stop(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process === undefined) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGINT');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  private execute(program: string, args: readonly string[]) {
    const [command, ...rest] = this.command(program, args);
    return spawnSync(command, rest, { encoding: 'utf8' });
  }

  private command(program: string, args: readonly string[]): [string, ...string[]] {
    const path = join(INSTALLED, postgresVersion!, 'bin', program);
    return [...AS_POSTGRES, path, '-D', join(this.directory, 'data'), ...args] as [string, ...string[]];
  }
}
