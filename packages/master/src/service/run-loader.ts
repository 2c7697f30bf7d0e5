import { readFile } from 'node:fs/promises';
import {
  DrumlineError,
  messageOf,
  withArtifacts,
  type Artifact,
  type LocalArtifact,
  type Plan,
} from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import type { Submission } from '@drumline/wire';
import type { MasterKey } from '@drumline/wire/security';
import { deleteRun } from '../store/catalogue.js';
import { runFileOf } from '../store/find.js';
import { isStarted, openRunToResume } from '../store/resume.js';
import { readSnapshot } from '../store/snapshot.js';
import type { ArtifactStore } from './artifact-store.js';
import type { LogFiles } from './log-file.js';
import type { StartedRunToResume } from './managed-run.js';
import type { StoredLine } from './run-log.js';
import { endWith } from './run-end.js';
import type { RegisteredRun, RunEnd } from './run-register.js';
import { submissionOf } from './stored-submission.js';

/** Everything that a run needs, in memory. */
export interface LoadedRun {
  readonly registered: RegisteredRun;
  readonly submission: Submission;
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  /** What it printed and noted under services before. */
  readonly log: readonly StoredLine[];
  /** Its run file, if a service that was killed had begun it. */
  readonly taken?: StartedRunToResume;
}

interface Parts {
  readonly artifacts: ArtifactStore;
  readonly logFiles: LogFiles;
  readonly dataDir: string;
  readonly key: MasterKey | null | undefined;
}

/** Reads what a run needs from the disk. */
export class RunLoader {
  constructor(private readonly parts: Parts) {}

  /**
   * @param given the submission with its secrets, which the disk does not have without a key
   * @throws DrumlineError if the run cannot be executed
   */
  async load(registered: RegisteredRun, given?: Submission): Promise<LoadedRun> {
    const { key } = this.parts;
    const submission = given ?? (registered.submission && submissionOf(registered.submission, key));
    if (!submission) throw needsSecrets(registered);
    const bundle = await this.readBundle(submission);
    const log = await this.parts.logFiles.lines(registered.runId);
    return { registered, submission, bundle, plan: this.localPlan(submission), log };
  }

  /**
   * Loads a run of a service that was killed. One that had begun is opened to be resumed, another
   * one waits for its turn again.
   * @throws DrumlineError if that is impossible
   */
  async loadAgain(registered: RegisteredRun): Promise<LoadedRun> {
    const loaded = await this.load(registered);
    const { dataDir } = this.parts;
    const path = runFileOf(dataDir, registered.runId);
    if (path === undefined) return loaded;
    const taken = await openRunToResume(dataDir, registered.runId);
    const { state } = taken;
    if (isStarted(state)) return { ...loaded, taken: { ...taken, state } };
    await taken.store.close();
    deleteRun(path);
    return loaded;
  }

  /** How a run has ended, if its service was killed after its result was stored. */
  endOf({ runId }: RegisteredRun): RunEnd | undefined {
    const path = runFileOf(this.parts.dataDir, runId);
    const run = path === undefined ? undefined : readSnapshot(path, (file) => file.summary()).run;
    const { result } = run ?? {};
    if (!run || !result) return undefined;
    return endWith(result, run.state);
  }

  private async readBundle({ bundle: { id } }: Submission): Promise<ScenarioBundle> {
    try {
      return { id, code: await readFile(this.parts.artifacts.pathOf(id), 'utf8') };
    } catch (error) {
      throw new DrumlineError('setup-failed', `The bundle of the run cannot be read: ${messageOf(error)}.`);
    }
  }

  private localPlan({ plan: { tables, ...plan } }: Submission): Plan {
    if (!tables) return plan;
    const { artifacts } = this.parts;
    const local = ({ id, size }: Artifact): LocalArtifact => ({ id, size, path: artifacts.pathOf(id) });
    return { ...plan, tables: tables.map((table) => withArtifacts(table, local)) };
  }
}

function needsSecrets({ submission }: RegisteredRun): DrumlineError {
  return new DrumlineError(
    'setup-failed',
    `The run needs its secrets again (${submission?.confidential?.join(', ')}), because its service was restarted. Secrets are kept on the disk only with a key.`,
    'Submit it again, and start the service with --key-file.',
  );
}
