import { writeFileSync } from 'node:fs';
import { DrumlineError, messageOf } from '@drumline/model';
import type { Termination } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';
import { requireWritablePath } from './outputs.js';

/** Tells whatever started a command how it ends. */
export interface TerminationLog {
  /** @param exitCode of the command, if it differs from that of the run */
  ended(result: RunResult, exitCode?: number): Promise<void>;
  /** The command ends without a result. */
  failed(error: DrumlineError): Promise<void>;
}

/**
 * Executes a command that ends with a run, and writes how it ended to a file that Kubernetes reads.
 * @param path undefined writes nothing
 * @param act may write earlier, before it waits for something else
 * @throws DrumlineError `output-unwritable` before the run
 */
export async function withTerminationLog(
  path: string | undefined,
  act: (log: TerminationLog) => Promise<number>,
): Promise<number> {
  if (path === undefined) return await act(NOWHERE);
  requireWritablePath('termination-log', path);
  const log = new TerminationFile(path);
  try {
    const exitCode = await act(log);
    await log.exits(exitCode);
    return exitCode;
  } catch (error) {
    if (error instanceof DrumlineError) await log.failed(error);
    throw error;
  }
}

const NOWHERE: TerminationLog = { ended: () => Promise.resolve(), failed: () => Promise.resolve() };

class TerminationFile implements TerminationLog {
  private result: RunResult | undefined;
  private exitCode: number | undefined;

  constructor(private readonly path: string) {}

  async ended(result: RunResult, exitCode = result.exitCode): Promise<void> {
    this.result = result;
    this.exitCode = exitCode;
    const { terminationOf } = await import('@drumline/master/report');
    await this.write(terminationOf(result, exitCode));
  }

  async failed(error: DrumlineError): Promise<void> {
    const { exitCode } = error;
    if (exitCode === this.exitCode) return;
    if (this.result) return await this.ended(this.result, exitCode);
    this.exitCode = exitCode;
    const { terminationBy } = await import('@drumline/master/report');
    await this.write(terminationBy(error));
  }

  async exits(exitCode: number): Promise<void> {
    if (this.result && exitCode !== this.exitCode) await this.ended(this.result, exitCode);
  }

  /** A message that cannot be written does not change how the command ends. */
  private async write(termination: Termination): Promise<void> {
    const { renderTermination } = await import('@drumline/master/report');
    try {
      // Not renamed into place: in a container, the file is a mount.
      writeFileSync(this.path, renderTermination(termination));
    } catch (error) {
      console.error(`warning: the termination message cannot be written: ${messageOf(error)}`);
    }
  }
}
