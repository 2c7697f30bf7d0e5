import type { ChildProcess } from 'node:child_process';
import { showsUserCode, tidyStack } from '@drumline/scenario/runtime';
import WebSocket from 'ws';
import type { ErrorTail } from './error-tail.js';

const GIVE_UP_MS = 2_000;

interface CallFrame {
  functionName: string;
  url: string;
  location: { scriptId: string; lineNumber: number; columnNumber: number };
}

/**
 * Finds out what a process that does not answer is doing, from outside: SIGUSR1 opens Node's debugger also while JavaScript runs
 * (on a loopback port whose address holds a secret), `Debugger.pause` stops it where it is, and it is let go on at once.
 * @returns the stack of the user's code, or nothing if it could not be seen (native code, a stopped process)
 */
export async function findBlockingStack(child: ChildProcess, errors: ErrorTail): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  child.kill('SIGUSR1');
  const deadline = Date.now() + GIVE_UP_MS;
  while (errors.inspectorUrl === undefined) {
    if (Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return await pauseAndLook(errors.inspectorUrl);
}

function pauseAndLook(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const scripts = new Map<string, { url: string; sourceMap: string }>();
    let id = 0;
    const send = (method: string): void => socket.send(JSON.stringify({ id: ++id, method }));
    const finish = (stack?: string): void => {
      clearTimeout(timer);
      socket.close();
      resolve(stack);
    };
    const timer = setTimeout(finish, GIVE_UP_MS);
    socket.on('error', () => finish());
    socket.on('open', () => {
      send('Debugger.enable');
      send('Debugger.pause');
    });
    socket.on('message', (data: Buffer) => {
      const { method, params } = JSON.parse(data.toString()) as { method?: string; params?: never };
      if (method === 'Debugger.scriptParsed') {
        const { scriptId, url: file, sourceMapURL } = params as unknown as Record<string, string>;
        scripts.set(scriptId!, { url: file!, sourceMap: sourceMapURL ?? '' });
      } else if (method === 'Debugger.paused') {
        const { callFrames } = params as unknown as { callFrames: CallFrame[] };
        send('Debugger.resume');
        void describe(callFrames, scripts).then(finish);
      }
    });
  });
}

async function describe(
  frames: CallFrame[],
  scripts: Map<string, { url: string; sourceMap: string }>,
): Promise<string | undefined> {
  const { SourceMap } = await import('node:module');
  const lines = frames.map(({ functionName, url, location }) => {
    const script = scripts.get(location.scriptId);
    const name = functionName === '' ? '<anonymous>' : functionName;
    const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(script?.sourceMap ?? '')?.[1];
    if (inline !== undefined) {
      const map = new SourceMap(JSON.parse(Buffer.from(inline, 'base64').toString()) as never);
      const entry = map.findEntry(location.lineNumber, location.columnNumber);
      if ('originalSource' in entry) {
        return `    at ${name} (${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
      }
    }
    return `    at ${name} (${url === '' ? script?.url : url}:${location.lineNumber + 1}:${location.columnNumber + 1})`;
  });
  const stack = lines.join('\n');
  return showsUserCode(stack) ? tidyStack(stack) : undefined;
}
