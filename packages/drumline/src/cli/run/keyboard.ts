import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A terminal whose keys are read one by one. */
export interface Keyboard {
  /** Restores the mode of the terminal. Idempotent. */
  close(): void;
}

type Input = Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause' | 'unref'>;

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';
const CTRL_BACKSLASH = '\u001c';

/** Whether keys can be read: an interactive terminal in the foreground, and not in CI. */
export function canReadKeys(
  input: { readonly isTTY?: boolean },
  output: { readonly isTTY?: boolean },
): boolean {
  const { CI, TERM } = process.env;
  if (!input.isTTY || !output.isTTY || TERM === 'dumb') return false;
  return (CI === undefined || CI === '' || CI === 'false') && isInForeground();
}

/**
 * Reads keys until it is closed. In raw mode, the terminal no longer converts Ctrl-C, Ctrl-Z and
 * Ctrl-\ to signals. The keyboard sends these signals instead.
 * @param onKey called with one character
 */
export function openKeyboard(
  input: Input,
  onKey: (key: string) => void,
  signal: (name: NodeJS.Signals) => void = (name) => void process.kill(process.pid, name),
): Keyboard {
  let open = true;
  const restore = (): void => void input.setRawMode(false);
  const onData = (data: Buffer | string): void => {
    for (const key of String(data)) {
      if (key === CTRL_C) signal('SIGINT');
      else if (key === CTRL_BACKSLASH) quit();
      else if (key === CTRL_Z) suspend();
      else onKey(key);
    }
  };
  const quit = (): void => {
    restore();
    signal('SIGQUIT');
  };
  const suspend = (): void => {
    if (process.platform === 'win32') return;
    restore();
    process.once('SIGCONT', () => {
      if (open && isInForeground()) input.setRawMode(true);
    });
    signal('SIGTSTP');
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  // Reading the keyboard must not keep the process alive.
  input.unref();
  process.on('exit', restore);
  return {
    close: () => {
      if (!open) return;
      open = false;
      input.off('data', onData);
      restore();
      input.pause();
      process.off('exit', restore);
    },
  };
}

/** The system stops a background job that changes the mode of the terminal. */
function isInForeground(): boolean {
  if (process.platform === 'win32') return true;
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , processGroup, , , terminalGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return processGroup === terminalGroup;
  } catch {
    // Without /proc, as on macOS: `ps` marks foreground processes with a plus.
  }
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(process.pid)], { encoding: 'utf8' }).includes('+');
  } catch {
    return false;
  }
}
