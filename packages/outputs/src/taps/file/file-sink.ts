import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { messageOf } from '@drumline/model';
import { makeDirectory } from '@drumline/wire/make-directory';
import { OutputError } from '../../output.js';
import type { EncodedRecord } from '../records/encoded-record.js';
import type { TapRun, TapSink } from '../tap-output.js';
import { withRun } from '../tap-paths.js';
import { LatestFiles } from './latest-files.js';
import { RecordFiles, type FileLimits } from './record-files.js';

/** Writes the records into files of a directory. */
export class FileSink implements TapSink {
  private files: RecordFiles | undefined;
  private latest: LatestFiles | undefined;

  /** @param directory with `{run}` for the id of the run */
  constructor(
    private readonly directory: string,
    private readonly limits: FileLimits,
  ) {}

  async check(): Promise<void> {
    const [existing = ''] = this.directory.split('{run}');
    const whole = existing === this.directory;
    await makeWritable(whole ? existing : existing.slice(0, existing.lastIndexOf('/') + 1) || '.');
  }

  async open(run: TapRun): Promise<void> {
    const { runId } = run;
    const directory = withRun(this.directory, runId);
    await makeWritable(directory);
    this.latest ??= new LatestFiles(directory);
    await this.latest.removeOthers(runId);
    this.files = await RecordFiles.open(directory, run, this.limits);
  }

  async write(records: readonly EncodedRecord[]): Promise<void> {
    await this.files!.append(records);
    await this.latest!.show(records);
  }

  async close(): Promise<void> {
    await this.files?.close();
  }
}

/** @throws OutputError if the directory cannot be made or written */
async function makeWritable(directory: string): Promise<void> {
  try {
    makeDirectory(directory);
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OutputError(`cannot write into the directory ${directory}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
