import { randomBytes } from 'node:crypto';
import { basename, extname } from 'node:path';
import { DrumlineError, EXIT_CODES, messageOf, neededWorkers, type Millis, type Plan } from '@drumline/model';
import type { SubmittedOptions } from '@drumline/wire';
import { callApi } from '../options/client.js';
import { readKubernetesValues } from '../options/kubernetes.js';
import type { WorkersWanted } from '../options/workers.js';
import { checkSubmission } from '../run/check-submission.js';
import { onInterrupt } from '../run/interrupts.js';
import { submittedOutputs } from '../run/open-outputs.js';
import type { Outputs } from '../run/outputs.js';
import { submitRun } from '../run/submit-run.js';
import { collect } from './collect.js';
import { Kubectl, type KubernetesPlace } from './kubectl.js';
import { PortForward } from './port-forward.js';
import { createRun, removeRun, type CreatedRun } from './resources.js';
import { RunPods } from './watch-pods.js';

type Arguments = Parameters<typeof checkSubmission>[0] &
  Omit<Parameters<typeof readKubernetesValues>[0], 'workers'> &
  KubernetesPlace &
  Parameters<typeof submittedOutputs>[0] & {
    readonly workers: WorkersWanted;
    readonly startWithin: Millis;
    readonly keep: boolean;
    readonly detach: boolean;
    readonly quiet: boolean;
  };

/** The master has only this run, so the run may name outputs. */
const OWN_MASTER = { allowSubmitted: true };

export interface RunTerms {
  /** Path of the scenario. */
  readonly scenario: string;
  readonly outputs: Outputs;
  readonly options: SubmittedOptions;
}

/**
 * Executes a run in Kubernetes, and removes what it created there.
 * @returns the exit code of the run
 * @throws DrumlineError
 */
export async function runOnKubernetes(args: Arguments, terms: RunTerms): Promise<number> {
  const written = await submittedOutputs(args);
  const { checked, secrets } = await checkSubmission(args, terms.scenario);
  const name = args.name ?? nameFor(terms.scenario);
  const sized = await readKubernetesValues(
    { ...args, workers: undefined },
    { name, mode: 'job', outputs: OWN_MASTER },
  );
  const count = countOf(args.workers, checked.plan, sized.workers.cpu);
  const values = { ...sized, workers: { ...sized.workers, count } };
  const out = terms.outputs.json === '-' ? process.stderr : process.stdout;
  const print = (line: string): void => void (args.quiet || out.write(`${line}\n`));
  const kubectl = new Kubectl({ context: args.context, namespace: values.namespace });
  const interruption = new Interruption();
  let created: CreatedRun | undefined;
  let isLeft = false;
  try {
    created = await interruption.unless(createRun(kubectl, values));
    const { master: job, token } = created;
    print(`Created run ${name} with ${count} ${count === 1 ? 'worker' : 'workers'}.`);
    const pods = new RunPods(kubectl, name, (line) => console.error(line));
    await interruption.unless(pods.masterReady(job, args.startWithin));
    await using forward = await PortForward.open(kubectl, pods.forwarded());
    return await callApi({ url: forward.url, token }, async (master) => {
      const run = {
        ...terms,
        checked,
        secrets,
        outputs: written,
        workers: undefined,
        idempotencyKey: `${name} ${randomBytes(8).toString('hex')}`,
      };
      const { runId } = await interruption.unless(submitRun(master, run, (line) => console.error(line)));
      interruption.done();
      // From now on, the run can be collected by another command.
      isLeft = true;
      if (args.detach) return left(name, print);
      const exitCode = await collect({
        kubectl,
        master,
        runId,
        name,
        job,
        outputs: terms.outputs,
        out,
        quiet: args.quiet,
        stopsOnInterrupt: true,
        pods,
        workers: count,
      });
      isLeft = args.keep;
      return exitCode;
    });
  } catch (error) {
    if (isLeft && !args.detach)
      console.error(`The run stays in Kubernetes: \`drumline k8s results ${name}\` fetches its results.`);
    throw error;
  } finally {
    interruption.done();
    if (created && !isLeft) await removed(kubectl, created.master);
  }
}

function left(name: string, print: (line: string) => void): number {
  console.log(name);
  print(
    `\`drumline k8s logs ${name} --follow\` shows it, \`drumline k8s results ${name}\` fetches its results.`,
  );
  return EXIT_CODES.passed.exitCode;
}

/** What cannot be removed does not change how the run has ended. */
async function removed(kubectl: Kubectl, job: string): Promise<void> {
  try {
    await removeRun(kubectl, job);
  } catch (error) {
    console.error(`warning: the resources of the run stay: ${messageOf(error)}`);
  }
}

/** The name of a run of a scenario: `checkout-x7k2p`. */
function nameFor(scenario: string): string {
  const base = basename(scenario, extname(scenario))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 28);
  const letters = Array.from(randomBytes(5), (byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${base || 'run'}-${letters}`.replace('--', '-');
}

/** Without vowels, so that they make no words. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function countOf(wanted: WorkersWanted, plan: Plan, lanes: number): number {
  if (typeof wanted === 'number') return wanted;
  return Math.min(Math.max(neededWorkers(plan, lanes), wanted.least), wanted.most);
}

/** Ctrl-C before the run is submitted: everything is removed. */
class Interruption {
  private readonly interrupted: Promise<never>;
  readonly done: () => void;

  constructor() {
    let reject!: (error: Error) => void;
    this.interrupted = new Promise((_, fail) => (reject = fail));
    this.interrupted.catch(() => {});
    this.done = onInterrupt({
      first: () => {
        console.error('Removing what was created. Press Ctrl-C again to exit at once.');
        reject(new DrumlineError('interrupted', 'The run was interrupted before it was submitted.'));
      },
      second: () => process.exit(EXIT_CODES.interrupted.exitCode),
    });
  }

  async unless<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.interrupted]);
  }
}
