import { defineCommand } from '../../command.js';
import { collect } from '../../k8s/collect.js';
import { callMasterOf, findRun } from '../../k8s/find-run.js';
import { Kubectl } from '../../k8s/kubectl.js';
import { endOf, type Job } from '../../k8s/pods.js';
import { readStoredResult } from '../../k8s/reader.js';
import { removeRun } from '../../k8s/resources.js';
import { kubectlOptions, runNamePositional } from '../../options/kubectl.js';
import { outputOptions } from '../../options/outputs.js';
import { duration } from '../../options/values.js';
import { planOutputs, writeOutputs } from '../../run/outputs.js';
import { viewOptions } from '../../run/screen.js';

export const k8sResults = defineCommand({
  usage: 'k8s results [name]',
  about: 'Wait for the end of a run in Kubernetes, and fetch its results',
  positionals: runNamePositional,
  options: {
    ...outputOptions,
    delete: {
      type: 'boolean',
      default: false,
      flagOnly: true,
      describe: 'Delete the run afterwards, with its volume',
    },
    wait: duration('wait', {
      default: '5m',
      describe: 'How long to wait for the pod that reads the volume, if the master has ended',
    }),
    ...kubectlOptions,
  },
  examples: [
    ['nightly --json result.json', 'Follow a run that was started with --detach, and exit with its code'],
    ['nightly --html report.html --delete', 'Fetch the report, and leave nothing behind'],
  ],
  run: async ({ name, delete: isDeleted, wait, ...args }) => {
    const kubectl = new Kubectl(args);
    const run = await findRun(kubectl, name);
    const outputs = planOutputs(args, run.name, new Date());
    const out = outputs.json === '-' ? process.stderr : process.stdout;
    const { quiet } = args;
    const job = run.job.metadata.name;
    const exitCode = endOf(run.job) ? await stored(run.job) : await live().catch(storedIfEnded);
    if (isDeleted) await removeRun(kubectl, job);
    return exitCode;

    async function live(): Promise<number> {
      return await callMasterOf(kubectl, run, async (master) => {
        const { runId } = await master.run().view();
        return await collect({
          kubectl,
          master,
          runId,
          name: run.name,
          job,
          pods: run.pods,
          outputs,
          out,
          quiet,
          stopsOnInterrupt: false,
        });
      });
    }

    /** The master may end just before it is called. */
    async function storedIfEnded(error: unknown): Promise<number> {
      const { job: now } = await findRun(kubectl, run.name);
      if (!endOf(now)) throw error;
      return await stored(now);
    }

    async function stored(ended: Job): Promise<number> {
      const result = await readStoredResult(kubectl, ended, wait);
      const { renderSummary } = await import('../../../view/summary.js');
      if (!quiet) out.write(`\n${renderSummary(result, viewOptions(out))}\n`);
      await writeOutputs(result, outputs, (line) => (quiet ? process.stderr : out).write(`${line}\n`));
      return result.exitCode;
    }
  },
});
