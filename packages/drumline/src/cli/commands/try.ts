import { dirname, resolve } from 'node:path';
import { writeFileSync } from 'node:fs';
import { closest, DrumlineError, EXIT_CODES, messageOf, type ExitName, type Plan } from '@drumline/model';
import pc from 'picocolors';
import { countsLine, eventLines } from '../../view/debug/event.js';
import { defineCommand } from '../command.js';
import { planOptions, readOverrides } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { wholeNumber } from '../options/values.js';
import { onInterrupt } from '../run/interrupts.js';
import { requireWritablePath } from '../run/outputs.js';
import { readSecrets } from '../secrets/read.js';
import { HarRecorder } from '../try/har.js';
import { hostUserCode } from '../try/own-process.js';
import { readVersion } from '../version.js';

const group = 'Debugging:';
const { target, env, external, param, params, tags } = planOptions;
const excludeTags = planOptions['exclude-tags'];
/** Time for a request in flight to end after Ctrl-C, milliseconds. */
const STOP_LIMIT_MS = 2_000;

export const tryCommand = defineCommand({
  usage: 'try [scenario]',
  about: 'Run one user of a scenario here, and show each request, response and check',
  positionals: scenarioPositional,
  options: {
    user: {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'User type to try',
      defaultDescription: 'each type, one after another',
    },
    iterations: wholeNumber('iterations', 1, {
      group,
      default: 1,
      describe: 'Iterations of the user: tasks picked by weight, or passes of inOrder',
    }),
    body: wholeNumber('body', 0, {
      group,
      default: 1_000,
      describe: 'How many bytes of each body to show; 0 shows only its length',
    }),
    har: {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Write the HTTP requests and responses to this HAR file',
    },
    target,
    tags,
    'exclude-tags': excludeTags,
    param,
    params,
    env,
    external,
    ...secretOptions,
  },
  examples: [
    ['scenario.ts', 'Try one user of each type, one iteration each'],
    ['scenario.ts --user shopper --iterations 5', 'Try one type for five iterations'],
    ['scenario.ts --har shop.har', 'Also write a HAR file for the developer tools of a browser'],
  ],
  run: async (args) => {
    const scenario = requireScenario(args.scenario, 'try');
    if (args.har !== undefined) requireWritablePath('har', args.har);
    const given = readSecrets(args);
    const { checkScenario, withSourceDirectory, stopBundler } = await import('@drumline/scenario/project');
    // `--iterations` are those of the user here, not a load.
    const overrides = await readOverrides({ ...args, iterations: undefined });
    const checked = await checkScenario(scenario, overrides, {
      types: false,
      secrets: given,
    });
    const { plan, bundle, warnings } = checked;
    const secrets = { ...given, ...checked.secrets };
    await stopBundler();
    const users = usersToTry(plan, args.user);
    const directory = dirname(resolve(scenario));
    const colors = pc.createColors(pc.isColorSupported && process.stdout.isTTY);
    const view = { maxBodyBytes: args.body, numbersIterations: args.iterations > 1 };
    const version = readVersion();
    const har = args.har === undefined ? undefined : new HarRecorder(version);
    const { DebugSession } = await import('@drumline/worker/debug');
    const session = new DebugSession({
      plan,
      bundle: withSourceDirectory(bundle.code, directory),
      directory,
      secrets,
      version,
      users,
      iterations: args.iterations,
      onEvent: (event) => {
        har?.add(event);
        for (const line of eventLines(event, colors, view)) print(line);
      },
    });
    for (const { where, message } of warnings) print(colors.yellow(`note: ${where}: ${message}`));
    if (plan.masterHooks.length > 0)
      print(colors.yellow(`note: hooks on the master do not run: ${plan.masterHooks.join(', ')}`));
    const restore = hostUserCode(secrets, { onError: (what, error) => session.threw(what, error) });
    let interrupted = false;
    const release = onInterrupt({
      first: () => {
        interrupted = true;
        session.stop(STOP_LIMIT_MS);
      },
      second: () => process.kill(process.pid, 'SIGKILL'),
    });
    let isSetUp: boolean;
    try {
      isSetUp = await session.run();
    } finally {
      restore();
      release();
      if (har !== undefined && args.har !== undefined) writeHar(args.har, har);
    }
    const { counts } = session;
    const exit = exitOf(counts, isSetUp, interrupted);
    const isPassed = exit === 'passed';
    print('');
    print(`${isPassed ? colors.green('passed') : colors.red(LABELS[exit] ?? exit)}: ${countsLine(counts)}`);
    if (args.har !== undefined) print(`har  ${args.har}`);
    return EXIT_CODES[exit].exitCode;
  },
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function usersToTry({ userTypes }: Plan, name: string | undefined): string[] {
  const names = userTypes.map((type) => type.name);
  if (name === undefined) return names;
  if (names.includes(name)) return [name];
  const meant = closest(name, names);
  throw new DrumlineError(
    'usage',
    `--user: the scenario has no user type '${name}'`,
    meant === undefined ? `User types: ${names.join(', ')}.` : `Did you mean ${meant}?`,
  );
}

const LABELS: Partial<Record<ExitName, string>> = {
  'requests-failed': 'failed',
  'nothing-measured': 'nothing was measured',
  'setup-failed': 'the setup failed',
};

interface Counts {
  readonly requests: number;
  readonly failedRequests: number;
  readonly checks: number;
  readonly failedChecks: number;
  readonly exceptions: number;
  readonly metrics: number;
}

function exitOf(counts: Counts, isSetUp: boolean, interrupted: boolean): ExitName {
  if (!isSetUp) return 'setup-failed';
  if (counts.failedRequests + counts.failedChecks + counts.exceptions > 0) return 'requests-failed';
  if (interrupted) return 'interrupted';
  return counts.requests + counts.checks + counts.metrics === 0 ? 'nothing-measured' : 'passed';
}

function writeHar(path: string, har: HarRecorder): void {
  try {
    writeFileSync(path, har.text());
  } catch (error) {
    throw new DrumlineError('output-unwritable', `--har ${path}: ${messageOf(error)}`);
  }
}
