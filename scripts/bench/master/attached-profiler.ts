import { once } from 'node:events';
import type { Profiler, Runtime } from 'node:inspector';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Where Node's inspector listens after SIGUSR1. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const ATTEMPTS = 50;

/** A profiler of a running Node process, by its inspector. */
export class AttachedProfiler {
  private id = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** @throws Error if another process has the inspector's port */
  static async start(pid: number): Promise<AttachedProfiler> {
    process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await inspectorAddress());
    await once(socket, 'open');
    const profiler = new AttachedProfiler(socket);
    const answer = await profiler.call<Runtime.EvaluateReturnType>('Runtime.evaluate', {
      expression: 'process.pid',
    });
    if (answer.result.value !== pid) throw new Error(`another process listens at ${INSPECTOR}`);
    await profiler.call('Profiler.enable');
    await profiler.call('Profiler.start');
    return profiler;
  }

  async stop(): Promise<Profiler.Profile> {
    const { profile } = await this.call<Profiler.StopReturnType>('Profiler.stop');
    this.socket.close();
    return profile;
  }

  private async call<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.id;
    this.socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(this.socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as { id?: number; result: T };
      if (answer.id === id) return answer.result;
    }
  }
}

async function inspectorAddress(): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const response = await fetch(INSPECTOR).catch(() => undefined);
    const targets =
      response?.ok === true ? ((await response.json()) as { webSocketDebuggerUrl: string }[]) : [];
    if (targets[0]) return targets[0].webSocketDebuggerUrl;
    await pause(20);
  }
  throw new Error(`no inspector listens at ${INSPECTOR}`);
}
