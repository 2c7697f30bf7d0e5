import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogQuery, LogsView } from '@drumline/wire';
import { logsView, type RunLog, type StoredLine } from './run-log.js';

/**
 * What runs printed and noted, with their events: a file of JSON lines each. It is for readers
 * after the end of the run, and for the next master of the run.
 */
export class LogFiles {
  private readonly directory: string;

  constructor(dataDir: string) {
    this.directory = join(dataDir, 'logs');
  }

  /**
   * Writes what a run prints from now on.
   * @param redacted removes secrets
   * @returns resolves when everything is written; call it at the end of the run
   */
  follow(runId: string, log: RunLog, redacted: (line: StoredLine) => StoredLine): () => Promise<void> {
    const path = this.pathOf(runId);
    let lines: StoredLine[] = [];
    let writing: Promise<void> | undefined;
    const write = async (): Promise<void> => {
      while (lines.length > 0) {
        const text = lines.map((line) => `${JSON.stringify(redacted(line))}\n`).join('');
        lines = [];
        await mkdir(this.directory, { recursive: true, mode: 0o700 });
        await appendFile(path, text, { mode: 0o600 });
      }
      writing = undefined;
    };
    const unfollow = log.follow((line) => {
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

  async read(runId: string, query: LogQuery): Promise<LogsView> {
    return logsView(await this.lines(runId), query);
  }

  /** All lines of a run, with their events. */
  async lines(runId: string): Promise<StoredLine[]> {
    const text = await readFile(this.pathOf(runId), 'utf8').catch(() => '');
    return (
      text
        .split('\n')
        // The last line may be cut off.
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as StoredLine)
    );
  }

  async remove(runId: string): Promise<void> {
    await rm(this.pathOf(runId), { force: true });
  }

  private pathOf(runId: string): string {
    return join(this.directory, `${runId}.ndjson`);
  }
}
