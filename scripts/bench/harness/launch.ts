import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pidsOf, signalAll } from './process-tree.js';

/** A process of the bench, which ends with the bench. */
export interface Launched {
  readonly pid: number;
  /** The last 100,000 characters of its output. */
  readonly output: string;
  /** Total number of printed lines. */
  readonly lines: number;
  readonly ended: boolean;
  /** Resolves with the exit code, or null for a signal. */
  readonly exited: Promise<number | null>;
  /** The messages that it sends, if it was launched with `ipc`. */
  onMessage(listener: (message: unknown) => void): void;
  send(message: unknown): void;
  /** Kills it and all its descendants. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly ipc?: boolean;
}

/** By process id. */
const living = new Map<number, Launched>();
const folders: string[] = [];

/**
 * Starts a command.
 * @throws Error if there is no such program
 */
export function launch(command: readonly string[], options: LaunchOptions = {}): Launched {
  const [program, ...args] = command;
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? ['ipc' as const] : [])];
  const child = spawn(program!, args, {
    stdio,
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  if (child.pid === undefined) throw new Error(`${program} cannot be started`);
  const { pid } = child;
  let output = '';
  let lines = 0;
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-100_000);
      lines += text.split('\n').length - 1;
    });
  let ended = false;
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      ended = true;
      living.delete(pid);
      resolve(code);
    });
  });
  const launched: Launched = {
    pid,
    get output() {
      return output;
    },
    get lines() {
      return lines;
    },
    get ended() {
      return ended;
    },
    exited,
    onMessage: (listener) => void child.on('message', listener),
    send: (message) => void child.send(message as string),
    kill: async () => {
      if (!ended) killTree(pid);
      await exited;
    },
  };
  living.set(pid, launched);
  return launched;
}

/** A temporary directory, removed when the bench ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
  folders.push(folder);
  return folder;
}

/** The path of a program, or undefined. */
export function onPath(program: string): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return candidates.find((path) => executable(path) !== undefined);
}

/** The path, if it is an executable file. */
export function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** The first line that a command prints, for versions. */
export function firstLineOf(command: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  return `${stdout}\n${stderr}`.split('\n').find((line) => line.trim() !== '') ?? '';
}

/** Ends all running processes. */
export async function endAll(): Promise<void> {
  await Promise.all([...living.values()].map((process) => process.kill()));
}

/** Ends the bench's processes and removes its directories on any exit, including Ctrl-C. */
export function cleanUpAtExit(): void {
  process.on('exit', () => {
    for (const pid of living.keys()) killTree(pid);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
}

function killTree(pid: number): void {
  signalAll(pidsOf(pid), 'SIGKILL');
}
