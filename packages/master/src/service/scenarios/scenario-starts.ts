import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  artifactsOf,
  formatDuration,
  messageOf,
  MAX_WAIT_MS,
  parseDuration,
  ProblemsError,
  RequestError,
  type Artifact,
  type PlanProblem,
} from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import {
  findSubmissionProblem,
  submittedPlan,
  type RunView,
  type ScenarioStart,
  type ScenariosView,
  type ScenarioUpload,
  type ScenarioView,
  type Submission,
} from '@drumline/wire';
import type { ArtifactUploads, ControlPlane, StartableScenarios } from '../control-plane.js';
import type { ScenarioPlanner, ScenarioSource } from './planner.js';
import { ScenarioDirectory, type FoundScenario } from './scenario-directory.js';
import { Turns } from '../turns.js';

/** Each is a process with some 100 MB. */
const MOST_AT_A_TIME = 2;
const MOST_WAITING = 16;
const MOST_KEPT = 200;

interface Parts {
  readonly planner: ScenarioPlanner;
  /** Undefined: only uploaded scenarios can be started. */
  readonly directory: string | undefined;
  readonly uploads: ArtifactUploads;
  readonly submit: ControlPlane['submit'];
}

/** Lists, reads and starts the scenarios of a directory, and those that are uploaded. */
export class ScenarioStarts implements StartableScenarios {
  private readonly directory: ScenarioDirectory | undefined;
  private readonly turns = new Turns(MOST_AT_A_TIME, MOST_WAITING, 'scenarios are being read');
  /** One upload of a file at a time. */
  private readonly storing = new Turns(1, MOST_WAITING, 'scenarios are being stored');
  /** By path and time of change, the oldest first. */
  private readonly known = new Map<string, Promise<ScenarioView>>();

  constructor(private readonly parts: Parts) {
    const { directory } = parts;
    this.directory = directory === undefined ? undefined : new ScenarioDirectory(directory);
  }

  async list(): Promise<ScenariosView> {
    const found = (await this.directory?.list()) ?? [];
    return {
      scenarios: found.map(({ path, changedAt }) => ({ path, changedAt })),
      hasDirectory: this.directory !== undefined,
    };
  }

  /** Reads a file again when it has changed. @throws RequestError `scenario-unknown` */
  async describe(path: string): Promise<ScenarioView> {
    const found = await this.find(path);
    const key = `${found.changedAt} ${found.file}`;
    const known = this.known.get(key);
    if (known) return await known;
    const view = this.view(sourceOf(found), found.path);
    this.known.set(key, view);
    view.catch(() => this.known.delete(key));
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEPT) this.known.delete(oldest!);
    return await view;
  }

  async inspect(upload: ScenarioUpload): Promise<ScenarioView> {
    return await withUploaded(upload, (source) => this.view(source, upload.name));
  }

  /**
   * Plans, bundles and submits a run. @throws ProblemsError with every problem; RequestError
   * `scenario-unknown`, and those of `submit`
   */
  async start(start: ScenarioStart, idempotencyKey?: string): Promise<RunView> {
    const { path, upload } = start;
    if ((path === undefined) === (upload === undefined))
      throw new RequestError('argument-invalid', 'either path or upload must be given');
    if (upload) return await withUploaded(upload, (source) => this.submit(source, start, idempotencyKey));
    return await this.submit(sourceOf(await this.find(path!)), start, idempotencyKey);
  }

  private async find(path: string): Promise<FoundScenario> {
    if (this.directory) return await this.directory.get(path);
    throw new RequestError(
      'scenario-unknown',
      'this master has no directory of scenarios',
      'Start it with `drumline serve --scenarios DIR`, or upload a scenario.',
    );
  }

  private async view(source: ScenarioSource, path: string): Promise<ScenarioView> {
    return { path, ...(await this.turns.take(() => this.parts.planner.describe(source))) };
  }

  private async submit(
    source: ScenarioSource,
    start: ScenarioStart,
    idempotencyKey: string | undefined,
  ): Promise<RunView> {
    const problems: PlanProblem[] = [];
    const maxWaitMs = readMaxWait(start.maxWait, problems);
    const checked = await this.turns
      .take(() => this.parts.planner.plan(source, start))
      .catch((error: unknown) => {
        if (!(error instanceof ProblemsError) || problems.length === 0) throw error;
        throw new ProblemsError(error.message, [...problems, ...error.problems], error.hint);
      });
    if (problems.length > 0) throw new ProblemsError(`${source.name} cannot be started`, problems);
    const submission = submissionOf(source, start, maxWaitMs, checked);
    // It was read by a process with the code of the user.
    const problem = findSubmissionProblem(submission);
    if (problem !== undefined) throw new RequestError('argument-invalid', `the plan is invalid: ${problem}`);
    await this.storing.take(async () => {
      const code = Buffer.from(checked.bundle.code);
      await this.store(submission.bundle, (offset) => Readable.from([code.subarray(offset)]));
      for (const artifact of artifactsOf(checked.plan.tables ?? []))
        await this.store(artifact, (start) => createReadStream(artifact.path, { start }));
    });
    return await this.parts.submit(submission, idempotencyKey);
  }

  /** Continues an upload that was cut. */
  private async store({ id, size }: Artifact, readFrom: (offset: number) => Readable): Promise<void> {
    const { uploads } = this.parts;
    if ((await uploads.missing([id])).length === 0) return;
    const offset = await uploads.uploadedBytes(id);
    await uploads.append({ id, size }, offset, readFrom(offset));
  }
}

function sourceOf({ file, path }: FoundScenario): ScenarioSource {
  return { file, name: path, isUploaded: false };
}

/** Uploaded code is on the disk only while it is read. */
async function withUploaded<T>(
  { name, text }: ScenarioUpload,
  act: (source: ScenarioSource) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'drumline-upload-'));
  try {
    const file = join(directory, basename(name));
    await writeFile(file, text, { mode: 0o600 });
    return await act({ file, name, isUploaded: true });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function readMaxWait(text: string | undefined, problems: PlanProblem[]): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  try {
    const ms = parseDuration(text);
    if (ms > 0 && ms <= MAX_WAIT_MS) return ms;
    const message = `must be longer than 0 and at most ${formatDuration(MAX_WAIT_MS)}`;
    problems.push({ where: '--max-wait', message });
  } catch (error) {
    problems.push({ where: '--max-wait', message: messageOf(error) });
  }
  return undefined;
}

function submissionOf(
  { name, isUploaded }: ScenarioSource,
  { options = {}, workers, autostart }: ScenarioStart,
  maxWaitMs: number | undefined,
  { plan, bundle, secrets, warnings }: CheckedScenario,
): Submission {
  return {
    scenario: isUploaded ? basename(name) : name,
    bundle: { id: bundle.id, size: Buffer.byteLength(bundle.code) },
    plan: submittedPlan(plan),
    warnings,
    ...(Object.keys(secrets).length > 0 && { secrets }),
    ...(workers !== undefined && { workers }),
    ...(maxWaitMs !== undefined && { maxWaitMs }),
    options: { given: options, ...(autostart === false && { autostart }) },
  };
}
