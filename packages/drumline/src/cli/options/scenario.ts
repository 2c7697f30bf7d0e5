import { existsSync, readFileSync, statSync } from 'node:fs';
import { DrumlineError } from '@drumline/model';
import { findOtherFile, findOtherScript } from '../other-tools.js';

export const scenarioPositional = {
  scenario: {
    type: 'string',
    describe: 'The scenario file (or DRUMLINE_SCENARIO); by default scenario.ts in this directory',
  },
} as const;

/** Default names of the scenario file. */
const USUAL_NAMES = ['scenario.ts', 'scenario.mts', 'scenario.js', 'scenario.mjs'];

/**
 * The path of the scenario, by default `scenario.ts` in the working directory.
 * @throws DrumlineError if there is none, or if it belongs to another tool
 */
export function requireScenario(named: string | undefined, command: string): string {
  const path = named || USUAL_NAMES.find((name) => existsSync(name));
  if (path === undefined) {
    throw new DrumlineError(
      'usage',
      `drumline ${command}: no scenario is given, and this directory has no scenario.ts`,
      `Name its file: drumline ${command} shop.ts. \`drumline new\` creates an example.`,
    );
  }
  const other = findOtherFile(path);
  if (other) throw new DrumlineError('scenario-invalid', `${path} is ${other.what}`, other.hint);
  if (!existsSync(path)) {
    throw new DrumlineError(
      'scenario-invalid',
      `${path} does not exist`,
      'Check the path; `drumline new` writes a scenario to start with.',
    );
  }
  if (statSync(path).isFile()) return rejectOtherTools(path);
  throw new DrumlineError(
    'scenario-invalid',
    `${path} is not a file`,
    'Name the scenario file itself, for example scenario.ts.',
  );
}

/** Rejects scripts of other tools with a hint. Bundling could only report unresolved imports. */
function rejectOtherTools(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Bundling reports why the file cannot be read.
    return path;
  }
  const other = findOtherScript(text);
  if (other) throw new DrumlineError('scenario-invalid', `${path} is ${other.what}`, other.hint);
  return path;
}
