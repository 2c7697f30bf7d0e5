import { refuseProblems } from '../problems.js';
import type { Journey } from '../recording/journey.js';
import { isForCmd, readCmd } from './cmd.js';
import { readCommand } from './command.js';
import { CommandFiles } from './files.js';
import type { CurlOptions } from './options.js';
import { stepsOf } from './request.js';
import { settingsOf } from './settings.js';
import { readShell } from './shell.js';

const HINT = "In a browser's network tab: Copy as cURL (bash), or Copy all as cURL for several requests.";

/**
 * Commands as browsers copy them or people write them, for a POSIX shell or for the command prompt of Windows.
 * @param folder of the scenario, from which it imports certificates
 * @throws DrumlineError `usage` that lists everything that is not understood
 */
export function readCurlJourney(text: string, name: string, folder: string): Journey {
  const { commands, problems: broken } = isForCmd(text) ? readCmd(text) : readShell(text);
  refuseProblems(name, broken, HINT);
  const problems: string[] = [];
  const files = new CommandFiles(folder);
  const sets = commands.flatMap((words) => optionsOf(words, problems));
  if (sets.length === 0 && problems.length === 0) problems.push('there is no curl command');
  const steps = sets.flatMap((options) => stepsOf(options, files, problems));
  for (const { maxTimeS = 0, connectTimeoutS = 0 } of sets)
    if (!(maxTimeS >= 0 && connectTimeoutS >= 0)) problems.push('a time is no number of seconds');
  const settings = settingsOf(sets, files);
  refuseProblems(name, [...new Set([...problems, ...files.problems])], HINT);
  const ignored = [...new Set(sets.flatMap((options) => options.ignored))];
  return {
    about: [
      steps.length === 1 ? 'From a curl command.' : `From ${steps.length} requests of curl.`,
      ...(ignored.length === 0
        ? []
        : [`Left out, as a scenario has nothing like it: ${ignored.join(', ')}.`]),
      ...(files.read.size === 0 ? [] : [`Every worker needs these files: ${[...files.read].join(', ')}.`]),
    ],
    hints: [],
    target: steps[0]!.origin,
    visits: steps.map((step) => ({ pauseMs: undefined, steps: [step] })),
    http: settings,
    imports: files.imports,
  };
}

/** The sets of options of one command; none if it only works on the output of another. */
function optionsOf(words: readonly string[], problems: string[]): CurlOptions[] {
  const at = words.findIndex((word) => !/^(?:\$|\w+=.*)$/s.test(word));
  const program = words[at] ?? '';
  if (/(?:^|[\\/])curl(?:\.exe)?$/i.test(program)) return readCommand(words.slice(at + 1), problems);
  if (/^(?:Invoke-WebRequest|\$session)/i.test(program)) problems.push('this is PowerShell, not curl');
  else if (at >= 0 && !/^(?:jq|grep|head|tail|cat|less|tee|python3?|json_pp|sleep|echo)$/.test(program))
    problems.push(`'${program}' is no curl command`);
  return [];
}
