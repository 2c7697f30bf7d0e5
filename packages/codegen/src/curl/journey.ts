import { throwProblems } from '../source/problems.js';
import type { Journey } from '../journey/journey.js';
import type { Step, Values } from '../recording/step.js';
import { hasPlaceholderInName, withSources } from '../recording/variables.js';
import { isForCmd, readCmd } from './cmd.js';
import { readCommand } from './command.js';
import { CommandFiles, ScenarioFiles } from './files.js';
import { withKnownHost } from './hosts.js';
import type { CurlOptions } from './options.js';
import { curlArguments } from './program.js';
import { stepsOf } from './request.js';
import { settingsOf, settingsOfOne } from './settings.js';
import { readShell, type ShellCommand } from './shell.js';

const HINT = "In a browser's network tab: Copy as cURL (bash), or Copy all as cURL for several requests.";

/** A parsed command. */
interface ReadCommand {
  readonly sets: readonly CurlOptions[];
  /** The `http` settings of each set of options. */
  readonly settings: readonly Values[];
  readonly steps: readonly Step[];
}

/**
 * Reads curl commands for a POSIX shell or the Windows command prompt. A command that cannot be
 * converted is left out and listed.
 * @param folder directory of the scenario, against which imports are resolved
 * @throws DrumlineError `usage` that lists the problems, if no command can be converted
 */
export function readCurlJourney(text: string, name: string, folder: string): Journey {
  const { commands, problems: broken, variables } = isForCmd(text) ? readCmd(text) : readShell(text);
  const problems: string[] = [...broken];
  const files = new ScenarioFiles(folder);
  const source = (all: string): string => withSources(all, variables.all);
  const read = commands.flatMap((command): ReadCommand[] => {
    const own: string[] = [];
    const made = readOne(command, new CommandFiles(files, command.input, own), own);
    const where = commands.length === 1 ? '' : `line ${command.line}: `;
    problems.push(...own.map((problem) => where + source(problem)));
    return own.length === 0 && made !== undefined ? [made] : [];
  });
  if (read.length === 0) {
    throwProblems(name, problems.length === 0 ? ['there is no curl command'] : [...new Set(problems)], HINT);
  }
  const sets = read.flatMap((command) => command.sets);
  const { settings, shared } = settingsOf(read.flatMap((command) => command.settings));
  const {
    steps,
    target,
    about: ofHosts,
  } = withKnownHost(
    read.flatMap((one) => one.steps),
    variables.all,
  );
  const { steps: asked, redirects } = withCommonRedirects(steps);
  const unsupported = [...new Set(sets.flatMap((options) => options.unsupported))].map(source);
  const browserHeaders = [...new Set(sets.flatMap((options) => options.browserHeaders))];
  const inNames = steps.some((step) => hasPlaceholderInName(step, variables.all));
  return {
    about: [
      steps.length === 1 ? 'From a curl command.' : `From ${steps.length} curl requests.`,
      ...(problems.length === 0 ? [] : [`Left out: ${[...new Set(problems)].join('; ')}.`]),
      ...(unsupported.length === 0
        ? []
        : [`Left out because scenarios do not support it: ${unsupported.join(', ')}.`]),
      ...(browserHeaders.length === 0
        ? []
        : [`Headers that the browser added were left out: ${browserHeaders.join(', ')}.`]),
      ...(inNames ? ['Variables in names of fields are not replaced.'] : []),
      ...shared,
      ...(variables.defaults.length === 0
        ? []
        : [`Default values were used: ${variables.defaults.join(', ')}.`]),
      ...outputNote([...variables.all.values()]),
      ...(files.read.size === 0
        ? []
        : [`These files must exist on every worker: ${[...files.read].join(', ')}.`]),
      ...ofHosts,
    ],
    hints: [],
    target,
    visits: asked.map((step) => ({ pauseMs: undefined, steps: [step] })),
    http: { ...settings, ...redirects },
    imports: files.imports,
    isExact: true,
    variables: variables.all,
  };
}

function readOne(command: ShellCommand, files: CommandFiles, problems: string[]): ReadCommand | undefined {
  const words = curlArguments(command.words, problems);
  if (words === undefined) return undefined;
  const sets = readCommand(words, files, problems);
  for (const { maxTimeS = 0, connectTimeoutS = 0 } of sets)
    if (!(maxTimeS >= 0 && connectTimeoutS >= 0)) problems.push('a timeout is not a number of seconds');
  const nowS = Date.now() / 1_000;
  const settings = sets.map((options) => settingsOfOne(options, files));
  return { sets, settings, steps: sets.flatMap((options) => stepsOf(options, { files, problems, nowS })) };
}

/** Moves `redirects: 0` to the common settings if all requests have it. */
function withCommonRedirects(steps: readonly Step[]): {
  readonly steps: readonly Step[];
  readonly redirects: { readonly redirects?: number };
} {
  if (!steps.every(({ options }) => options.redirects === 0)) return { steps, redirects: {} };
  const without = steps.map((step) => {
    const { redirects: _none, ...options } = step.options;
    return { ...step, options };
  });
  return { steps: without, redirects: { redirects: 0 } };
}

function outputNote(variables: readonly { readonly name: string; readonly source: string }[]): string[] {
  const outputs = variables.filter(({ source }) => /^(?:\$\(|`)/.test(source));
  if (outputs.length === 0) return [];
  const names = outputs.map(({ name, source }) => `${name} for ${source}`);
  return [`Command substitutions were not run. Set these variables to their output: ${names.join(', ')}.`];
}
