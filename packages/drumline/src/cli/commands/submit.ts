import { hasCredentials, MAX_WORKERS, type Secrets } from '@drumline/model';
import { defineCommand, onlyWith, type Command } from '../command.js';
import { isLoopback } from '../options/address.js';
import { callMaster, clientOptions } from '../options/client.js';
import { givenOptions } from '../options/given.js';
import { masterOptions, runOptionsOf } from '../options/master.js';
import { submittedOutOptions } from '../options/out.js';
import { outputOptions } from '../options/outputs.js';
import { planOptions } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { optionError, positiveDuration, wholeNumber } from '../options/values.js';
import { checkSubmission } from '../run/check-submission.js';
import { followRun } from '../run/follow-run.js';
import { submittedOutputs } from '../run/open-outputs.js';
import { planOutputs, readsSeriesOf, writeOutputs } from '../run/outputs.js';
import { submitRun } from '../run/submit-run.js';

const group = 'Cluster:';
const { api, 'api-token-file': apiTokenFile, 'api-ca': apiCa } = clientOptions;
const {
  'on-worker-lost': onWorkerLost,
  'keep-going': keepGoing,
  force,
  'quantiles-every': quantiles,
  untrusted,
} = masterOptions;
const { quiet, ...reports } = outputOptions;
/** Options that only a command that waits for the end can follow. */
const OUTPUTS = ['json', 'html', 'csv', 'junit', 'summaryMd', 'upload'] as const;

export const submit: Command = defineCommand({
  usage: 'submit [scenario]',
  about: 'Submit a run to a master that stays (drumline serve)',
  positionals: scenarioPositional,
  options: {
    ...planOptions,
    ...secretOptions,
    workers: wholeNumber(
      'workers',
      1,
      { group, describe: 'Number of workers that the run takes', defaultDescription: 'all' },
      MAX_WORKERS,
    ),
    watch: {
      type: 'boolean',
      default: false,
      group,
      describe:
        'Follow the run until it ends, write the reports, and exit with its exit code. Ctrl-C stops following, and the run goes on',
    },
    'max-wait': positiveDuration('max-wait', {
      group,
      describe: 'How long the run may wait in the queue; then it ends with exit code 24',
      defaultDescription: 'wait forever',
    }),
    autostart: {
      type: 'boolean',
      default: true,
      group,
      describe: 'Start when the workers are ready; with --no-autostart, wait for `drumline start`',
    },
    'idempotency-key': {
      type: 'string',
      requiresArg: true,
      flagOnly: true,
      group,
      describe: 'Submissions with the same key create one run, such as the id of a CI job',
      defaultDescription: 'a new one',
    },
    api: { ...api, group },
    'api-token-file': { ...apiTokenFile, group },
    'api-ca': { ...apiCa, group },
    ...onlyWith('watch', reports),
    quiet,
    ...submittedOutOptions,
    'on-worker-lost': onWorkerLost,
    'keep-going': keepGoing,
    force,
    'quantiles-every': quantiles,
    untrusted,
  },
  examples: [
    ['scenario.ts -u 50 -t 2m', 'Check and submit a run, and print its id'],
    ['scenario.ts --watch --json result.json', 'Follow the run as `drumline run` does'],
    ['scenario.ts --max-wait 30m --watch', 'Give up if it has not begun after half an hour'],
    [
      'scenario.ts --out influxdb=http://localhost:8086/load',
      'Write each second from the machine of the master (serve --allow-outputs)',
    ],
    ['scenario.ts --workers 2 --label branch=main', 'Take two workers; others may run beside it'],
    ['scenario.ts --api 10.0.0.5:8089 --api-token-file drumline.api-token', 'Submit to another machine'],
  ],
  run: async (args, written) => {
    const scenario = requireScenario(args.scenario, 'submit');
    const wanted = OUTPUTS.find((name) => args[name] !== undefined && args[name] !== false);
    if (wanted !== undefined && !args.watch)
      throw optionError(
        wanted.replace('summaryMd', 'summary-md'),
        'the report is written by a command that waits for it',
        'Add --watch.',
      );
    const outputs = args.watch ? planOutputs(args, scenario, new Date()) : {};
    const writtenTo = await submittedOutputs(args);
    const { checked, secrets } = await checkSubmission(args, scenario);
    warnIfReadable(args.api, secrets, writtenTo);
    const out = outputs.json === '-' ? process.stderr : process.stdout;
    return await callMaster(args, async (master) => {
      const view = await submitRun(
        master,
        {
          scenario,
          checked,
          secrets,
          outputs: writtenTo,
          workers: args.workers,
          maxWaitMs: args.maxWait,
          idempotencyKey: args.idempotencyKey,
          options: {
            ...runOptionsOf(args),
            ...(!args.autostart && { autostart: false }),
            given: givenOptions(submit.options, written),
          },
        },
        (line) => console.error(line),
      );
      if (!args.watch) {
        console.log(view.runId);
        if (!args.quiet) console.error(placeOf(view));
        return 0;
      }
      if (!args.quiet) out.write(`Submitted run ${view.runId}.\n`);
      const run = master.run(view.runId);
      const { exitCode, result } = await followRun(run, {
        json: false,
        out,
        quiet: args.quiet,
        reconnect: true,
      });
      const files = args.quiet ? process.stderr : out;
      if (result) await writeOutputs(result, outputs, (line) => files.write(`${line}\n`), readsSeriesOf(run));
      return exitCode;
    });
  },
});

function placeOf({
  state,
  position,
  waitingFor,
}: {
  state: string;
  position?: number;
  waitingFor?: string;
}): string {
  if (position === undefined) return `The run is ${state}. \`drumline watch\` shows it.`;
  return `The run is at position ${position} of the queue: ${waitingFor}.`;
}

/** Warns that the secrets can be read on their way to the master. */
function warnIfReadable(url: string, secrets: Secrets, outputs: readonly string[] = []): void {
  const hasSecrets = Object.keys(secrets).length > 0 || outputs.some(hasCredentials);
  if (!hasSecrets || !url.startsWith('http://') || isLoopback(new URL(url).hostname)) return;
  console.error(`warning: the secrets are sent unencrypted to ${url}`);
}
