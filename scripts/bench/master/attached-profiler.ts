import { once } from 'node:events';
import type { Profiler } from 'node:inspector';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Where Node's inspector listens after SIGUSR1. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const ATTEMPTS = 50;

interface InspectorTarget {
  readonly title: string;
  readonly webSocketDebuggerUrl: string;
}

/** A profiler of a running Node process, by its inspector. */
export class AttachedProfiler {
  private id = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** @returns undefined if another process has the inspector's port */
  static async start(pid: number): Promise<AttachedProfiler | undefined> {
    process.kill(pid, 'SIGUSR1');
    const url = await findTarget(pid);
    if (url === undefined) return undefined;
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const profiler = new AttachedProfiler(socket);
    await profiler.call('Profiler.enable');
    await profiler.call('Profiler.start');
    return profiler;
  }

  async stop(): Promise<Profiler.Profile> {
    const { profile } = (await this.call('Profiler.stop')) as Profiler.StopReturnType;
    this.socket.close();
    return profile;
  }

  private async call(method: string): Promise<unknown> {
    const id = ++this.id;
    this.socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = (await once(this.socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown };
      if (answer.id === id) return answer.result;
    }
  }
}

/** Titles end with the process id in brackets. */
async function findTarget(pid: number): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const response = await fetch(INSPECTOR).catch(() => undefined);
    const targets = response?.ok === true ? ((await response.json()) as InspectorTarget[]) : [];
    const target = targets.find(({ title }) => title.endsWith(`[${pid}]`));
    if (target) return target.webSocketDebuggerUrl;
    await pause(20);
  }
  return undefined;
}
