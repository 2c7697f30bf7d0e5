import type { ChildProcess } from 'node:child_process';
import { showsUserCode, tidyStack } from '@drumline/scenario/parent';
import type { ErrorTail } from './error-tail.js';
import type { CallFrame, Script } from './pausing-debugger.js';

const GIVE_UP_MS = 2_000;
const BETWEEN_SAMPLES_MS = 150;

/**
 * Examines a process that does not respond, from outside. SIGUSR1 opens Node's debugger even while
 * JavaScript runs, on a loopback port whose URL contains a secret. `Debugger.pause` stops the
 * process for a moment.
 * @returns the stack of the user code that blocks it; undefined if none does, or if it cannot be
 * examined (native code, a stopped process)
 */
export async function findBlockingStack(child: ChildProcess, errors: ErrorTail): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  child.kill('SIGUSR1');
  const deadline = Date.now() + GIVE_UP_MS;
  while (errors.inspectorUrl === undefined) {
    if (Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return await pauseAndSample(errors.inspectorUrl);
}

/** Takes two samples. User code blocks the process only if nothing was done between them. */
async function pauseAndSample(url: string): Promise<string | undefined> {
  // Loaded here, because few workers ever examine a lane.
  const { PausingDebugger } = await import('./pausing-debugger.js');
  const debug = await PausingDebugger.open(url);
  try {
    const before = await debug.sample();
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_SAMPLES_MS));
    const after = await debug.sample();
    if (before === undefined || after === undefined || after.progress !== before.progress) return undefined;
    return await describe(after.callFrames, debug.scripts);
  } finally {
    debug.close();
  }
}

async function describe(
  frames: readonly CallFrame[],
  scripts: ReadonlyMap<string, Script>,
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
