import { createHash, randomUUID } from 'node:crypto';
import { artifactsOf, RequestError } from '@drumline/model';
import type { Submission } from '@drumline/wire';
import type { MasterKey } from '@drumline/wire/security';
import type { CheckOutputs } from '../run/run-outputs.js';
import type { ArtifactStore } from './artifact-store.js';
import { findPlanProblem } from './plan-problem.js';
import type { RegisteredRun, RunRegister } from './run-register.js';
import { storedSubmissionOf } from './stored-submission.js';

interface Parts {
  readonly register: RunRegister;
  readonly artifacts: ArtifactStore;
  readonly key: MasterKey | null | undefined;
  /** The most runs that wait. */
  readonly queueLimit: number;
  /** How many runs wait at present. */
  readonly queued: () => number;
  /** Whether runs may name outputs, which write files or connect from this machine. */
  readonly allowsOutputs: boolean;
  readonly checkOutputs: CheckOutputs | undefined;
  /** Whether only one run is accepted. */
  readonly takesOne: boolean;
}

/** Accepts submissions: each becomes a run on the disk before it is answered. */
export class Intake {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Parts) {}

  /**
   * Registers a run, one after the other.
   * @param key requests with the same key create one run
   * @param created called for a new run, in the order of the queue
   * @returns the run of this submission
   * @throws RequestError
   */
  async accept(
    submission: Submission,
    key: string | undefined,
    created: (run: RegisteredRun) => Promise<void>,
  ): Promise<RegisteredRun> {
    const accepted = this.turn.then(() => this.acceptNext(submission, key, created));
    this.turn = accepted.catch(() => {});
    return await accepted;
  }

  private async acceptNext(
    submission: Submission,
    key: string | undefined,
    created: (run: RegisteredRun) => Promise<void>,
  ): Promise<RegisteredRun> {
    const { register } = this.parts;
    const hash = hashOf(submission);
    const known = key === undefined ? undefined : register.ofKey(key);
    if (known) return requireSame(known, hash);
    await this.require(submission);
    const { takesOne } = this.parts;
    const stored = storedSubmissionOf(submission, this.parts.key);
    const run: RegisteredRun = {
      runId: randomUUID(),
      order: register.nextOrder,
      scenario: stored.submission.plan.name,
      scenarioPath: stored.submission.scenario,
      labels: submission.plan.labels ?? {},
      workersWanted: submission.workers ?? 'all',
      submittedAt: new Date().toISOString(),
      ...(key !== undefined && { idempotency: { key, hash } }),
      ...(takesOne && { isOnly: true }),
      submission: stored,
    };
    await register.put(run);
    await created(run);
    return run;
  }

  private async require({ bundle, plan, outputs = [] }: Submission): Promise<void> {
    const { artifacts, queueLimit, queued, takesOne, register } = this.parts;
    if (takesOne && register.only) throw takesNoOther(register.only);
    const problem = findPlanProblem(plan);
    if (problem !== undefined) throw new RequestError('argument-invalid', `the plan is invalid: ${problem}`);
    await this.requireOutputs(plan.outputs ?? [], outputs);
    if (queued() >= queueLimit)
      throw new RequestError(
        'queue-full',
        `the queue is full: ${queueLimit} runs wait`,
        'Cancel one with `drumline cancel RUN`, or submit again later.',
      );
    const missing = await artifacts.missing([
      bundle.id,
      ...artifactsOf(plan.tables ?? []).map(({ id }) => id),
    ]);
    if (missing.length > 0)
      throw new RequestError(
        'artifacts-missing',
        `${missing.length} files of the run are not uploaded: ${missing.join(', ')}`,
        'Upload them first, with PUT /v1/artifacts/{hash}.',
      );
  }

  private async requireOutputs(
    ofScenario: readonly string[],
    ofSubmission: readonly string[],
  ): Promise<void> {
    const all = [...ofScenario, ...ofSubmission];
    if (all.length === 0) return;
    const { allowsOutputs, checkOutputs } = this.parts;
    if (!allowsOutputs) throw refusesOutputs(all);
    await checkOutputs?.({ ofScenario, ofSubmission });
  }
}

/** Identifies what was submitted. Seeds are drawn for each plan, unless the scenario sets them. */
function hashOf(submission: Submission): string {
  const drawn = new Set(['seed', 'variablesHere']);
  const text = JSON.stringify(submission, (key, value: unknown) => (drawn.has(key) ? undefined : value));
  return createHash('sha256').update(text).digest('hex');
}

function requireSame(run: RegisteredRun, hash: string): RegisteredRun {
  if (run.idempotency?.hash === hash) return run;
  throw new RequestError(
    'request-invalid',
    `the idempotency key belongs to another submission, which is run ${run.runId}`,
    'Use a new key for each submission.',
  );
}

/** Their URLs are not shown, because they may contain passwords. */
function refusesOutputs(outputs: readonly string[]): RequestError {
  const names = outputs.map((text) => /^[a-z0-9-]*/.exec(text)![0]);
  return new RequestError(
    'request-invalid',
    `the run has outputs (${names.join(', ')}), but this master does not accept them from submitted runs`,
    'Submit it without --out, --tap and `outputs` of the scenario, or start the master with `drumline serve --allow-outputs`.',
  );
}

function takesNoOther({ runId }: RegisteredRun): RequestError {
  return new RequestError(
    'request-invalid',
    `this master executes one run and ends with it, and has run ${runId} already`,
    'Start another master, or one that takes many runs: `drumline serve` without --once.',
  );
}
