import WebSocket from 'ws';
import { PROGRESS_SYMBOL } from '../progress-symbol.js';

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly url: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

/** A script of the debugged process. */
export interface Script {
  readonly url: string;
  readonly sourceMap: string;
}

/** The stack of a process when it was paused. */
interface StackSample {
  readonly callFrames: readonly CallFrame[];
  /** The progress counter at that time, see `lane/progress.ts`. */
  readonly progress: unknown;
}

const GIVE_UP_MS = 2_000;
const READ_PROGRESS = `globalThis[Symbol.for('${PROGRESS_SYMBOL}')]?.count`;

/** The debugger of a process. Each sample pauses the process only for a moment. Never throws. */
export class PausingDebugger {
  readonly scripts = new Map<string, Script>();
  private lastId = 0;
  private readonly answers = new Map<number, (result: unknown) => void>();
  private onPaused: (frames: readonly CallFrame[]) => void = () => {};

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.receive(JSON.parse(data.toString()) as Message));
  }

  static async open(url: string): Promise<PausingDebugger> {
    const socket = new WebSocket(url);
    socket.on('error', () => {});
    const debug = new PausingDebugger(socket);
    await within(GIVE_UP_MS, new Promise((resolve) => socket.on('open', resolve)));
    debug.send('Debugger.enable');
    return debug;
  }

  /**
   * Pauses the process, reads its stack and resumes it. @returns undefined if it did not reach
   * JavaScript in time
   */
  async sample(): Promise<StackSample | undefined> {
    const paused = new Promise<readonly CallFrame[]>((resolve) => (this.onPaused = resolve));
    this.send('Debugger.pause');
    const callFrames = await within(GIVE_UP_MS, paused);
    const top = callFrames?.[0];
    if (callFrames === undefined || top === undefined) return undefined;
    const { callFrameId } = top;
    const answer = this.ask('Debugger.evaluateOnCallFrame', { callFrameId, expression: READ_PROGRESS });
    const evaluated = (await within(GIVE_UP_MS, answer)) as Evaluated | undefined;
    this.send('Debugger.resume');
    return { callFrames, progress: evaluated?.result?.value };
  }

  close(): void {
    this.socket.close();
  }

  private receive({ id, result, method, params }: Message): void {
    if (id !== undefined) {
      this.answers.get(id)?.(result);
      this.answers.delete(id);
    } else if (method === 'Debugger.scriptParsed') {
      const { scriptId, url, sourceMapURL } = params as Record<string, string>;
      this.scripts.set(scriptId!, { url: url!, sourceMap: sourceMapURL ?? '' });
    } else if (method === 'Debugger.paused') {
      this.onPaused((params as { callFrames: CallFrame[] }).callFrames);
    }
  }

  private send(method: string, params?: object): number {
    const id = (this.lastId += 1);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ id, method, params }));
    return id;
  }

  private ask(method: string, params: object): Promise<unknown> {
    return new Promise((resolve) => this.answers.set(this.send(method, params), resolve));
  }
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly method?: string;
  readonly params?: object;
}

interface Evaluated {
  readonly result?: { readonly value?: unknown };
}

/** @returns undefined after the time limit */
async function within<T>(limitMs: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>(
    (resolve) => (timer = setTimeout(() => resolve(undefined), limitMs)),
  );
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
