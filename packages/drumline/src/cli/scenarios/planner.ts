import { fork } from 'node:child_process';
import type { ScenarioPlanner } from '@drumline/master';
import { DrumlineError, ProblemsError, type Millis } from '@drumline/model';
import type { ReaderReply, ReaderRequest } from './messages.js';

/** Longer than the limit for the code of a scenario: large data files are read, too. */
const LIMIT_MS: Millis = 120_000;

/** Reads each scenario in a process of its own, which ends with its answer. */
export const forkedPlanner: ScenarioPlanner = {
  describe: async (source) => {
    const reply = await ask({ source });
    return (reply as Extract<ReaderReply, { description: unknown }>).description;
  },
  plan: async (source, wishes) => {
    const reply = await ask({ source, wishes });
    return (reply as Extract<ReaderReply, { checked: unknown }>).checked;
  },
};

async function ask(request: ReaderRequest): Promise<ReaderReply> {
  const child = fork(new URL('./reader.js', import.meta.url), {
    execArgv: [],
    env: environment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  try {
    const reply = await new Promise<ReaderReply | undefined>((resolve, reject) => {
      child.once('message', (message) => resolve(message as ReaderReply));
      child.once('error', reject);
      child.once('exit', () => resolve(undefined));
      child.send(request, (error) => void (error && reject(error)));
    });
    if (reply === undefined)
      throw new DrumlineError(
        'scenario-invalid',
        `${request.source.name} cannot be read: the process that reads it has ended.`,
        'Check it with `drumline check`.',
      );
    if (!('exit' in reply)) return reply;
    const { exit, message, hint, problems } = reply;
    throw problems ? new ProblemsError(message, problems, hint) : new DrumlineError(exit, message, hint);
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/** Options of Drumline in the environment are those of the master, and may be confidential. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('DRUMLINE_'));
  return Object.fromEntries(kept);
}
