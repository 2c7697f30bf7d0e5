import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, LogQuery, LogsView } from '@drumline/wire';
import type { RunPlane } from './control-plane.js';

const DEFAULT_LINES = 1_000;

/** What runs printed and noted, for readers after their end: a file of JSON lines each. */
export class LogFiles {
  private readonly directory: string;

  constructor(dataDir: string) {
    this.directory = join(dataDir, 'logs');
  }

  /**
   * Writes what a run prints from now on.
   * @returns resolves when everything is written; call it at the end of the run
   */
  follow(run: Pick<RunPlane, 'id' | 'subscribeLogs'>): () => Promise<void> {
    const path = this.pathOf(run.id);
    let lines: LogLine[] = [];
    let writing: Promise<void> | undefined;
    const write = async (): Promise<void> => {
      while (lines.length > 0) {
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
        lines = [];
        await mkdir(this.directory, { recursive: true, mode: 0o700 });
        await appendFile(path, text, { mode: 0o600 });
      }
      writing = undefined;
    };
    const unfollow = run.subscribeLogs((line) => {
      lines.push(line);
      // A full disk costs the lines, not the run.
      writing ??= write().catch(() => {
        writing = undefined;
      });
    });
    return async () => {
      unfollow();
      await writing;
    };
  }

  /** The newest lines of a run. */
  async read(runId: string, { after = 0, limit = DEFAULT_LINES }: LogQuery): Promise<LogsView> {
    const text = await readFile(this.pathOf(runId), 'utf8').catch(() => '');
    const lines = text
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine)
      .filter(({ number }) => number > after);
    return { lines: lines.slice(-limit) };
  }

  async remove(runId: string): Promise<void> {
    await rm(this.pathOf(runId), { force: true });
  }

  private pathOf(runId: string): string {
    return join(this.directory, `${runId}.ndjson`);
  }
}
