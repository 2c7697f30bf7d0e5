import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { MasterClient, UploadedFile } from '@drumline/client';
import { artifactsOf, DrumlineError, type LocalArtifact, type Secrets } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import { submittedPlan, VERSION, type RunView, type Submission, type SubmittedOptions } from '@drumline/wire';

export interface SubmittedRun {
  /** Path of the scenario file. */
  readonly scenario: string;
  readonly checked: CheckedScenario;
  readonly secrets: Secrets;
  /** Outputs beside those of the scenario. */
  readonly outputs: readonly string[] | undefined;
  /** Undefined for all. */
  readonly workers: number | undefined;
  /** Undefined for any time. */
  readonly maxWaitMs?: number | undefined;
  readonly options: SubmittedOptions;
  readonly idempotencyKey: string | undefined;
}

/** Uploads the files of a checked scenario and puts it into the queue. @throws ApiError */
export async function submitRun(
  master: MasterClient,
  { scenario, checked, secrets, outputs, workers, maxWaitMs, options, idempotencyKey }: SubmittedRun,
  print: (line: string) => void,
): Promise<RunView> {
  await requireService(master);
  const { bundle, plan, warnings } = checked;
  const code = Buffer.from(bundle.code, 'utf8');
  const files = artifactsOf(plan.tables ?? []).map((artifact) => new LocalFile(artifact));
  const bundled = {
    id: bundle.id,
    size: code.byteLength,
    read: (offset: number, length: number) => code.subarray(offset, offset + length),
  };
  try {
    await master.upload([bundled, ...files], { onProgress: progressOf(print) });
  } finally {
    for (const file of files) await file.close();
  }
  const submission: Submission = {
    scenario: basename(scenario),
    bundle: { id: bundle.id, size: code.byteLength },
    plan: submittedPlan(plan),
    warnings,
    ...(Object.keys(secrets).length > 0 && { secrets }),
    ...(outputs !== undefined && { outputs }),
    ...(workers !== undefined && { workers }),
    ...(maxWaitMs !== undefined && { maxWaitMs }),
    options,
  };
  return await master.submit(submission, idempotencyKey);
}

/** @throws DrumlineError if the master has only one run, or another version */
async function requireService(master: MasterClient): Promise<void> {
  const { mode, version } = await master.health();
  if (mode === 'run')
    throw new DrumlineError(
      'request-invalid',
      `The master at ${master.url} has one run and ends with it, so no other run can be submitted to it.`,
      'Start a master that stays with `drumline serve`, and name its control API with --api HOST:PORT.',
    );
  if (version !== VERSION)
    throw new DrumlineError(
      'refused',
      `The master at ${master.url} has Drumline ${version}, and this command has ${VERSION}.`,
      'Install the same version on both machines.',
    );
}

/** A data file that is opened when it is uploaded. */
class LocalFile implements UploadedFile {
  readonly id: string;
  readonly size: number;
  private file: FileHandle | undefined;

  constructor(private readonly artifact: LocalArtifact) {
    this.id = artifact.id;
    this.size = artifact.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.file ??= await open(this.artifact.path);
    const { buffer, bytesRead } = await this.file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.file?.close();
  }
}

/** Large uploads print a line now and then. */
function progressOf(print: (line: string) => void): (uploaded: number, total: number) => void {
  let shownAtMs = performance.now();
  return (uploaded, total) => {
    if (performance.now() - shownAtMs < 2_000 || uploaded >= total) return;
    shownAtMs = performance.now();
    print(`uploading: ${Math.floor((100 * uploaded) / total)} %`);
  };
}
