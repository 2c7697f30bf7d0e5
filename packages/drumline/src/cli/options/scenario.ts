import { existsSync, readFileSync, statSync } from 'node:fs';
import { DrumlineError } from '@drumline/model';
import { foreignFile, foreignScript } from '../newcomers.js';

export const scenarioPositional = {
  scenario: {
    type: 'string',
    describe: 'The scenario file (or DRUMLINE_SCENARIO); by default scenario.ts in this directory',
  },
} as const;

/** Default names of the scenario file. */
const USUAL_NAMES = ['scenario.ts', 'scenario.mts', 'scenario.js', 'scenario.mjs'];

/** @throws DrumlineError if no scenario is named or its file is not there */
export function requireScenario(named: string | undefined, command: string): string {
  const path = named || USUAL_NAMES.find((name) => existsSync(name));
  if (path === undefined) {
    throw new DrumlineError(
      'usage',
      `drumline ${command}: no scenario is named, and there is no scenario.ts here`,
      `Name its file: drumline ${command} shop.ts. \`drumline new\` creates an example.`,
    );
  }
  const foreign = foreignFile(path);
  if (foreign) throw new DrumlineError('scenario-invalid', `${path} is ${foreign.what}`, foreign.hint);
  if (!existsSync(path)) {
    throw new DrumlineError(
      'scenario-invalid',
      `there is no file ${path}`,
      'Check the path; `drumline new` writes a scenario to start with.',
    );
  }
  if (statSync(path).isFile()) return requireOurs(path);
  throw new DrumlineError(
    'scenario-invalid',
    `${path} is not a file`,
    'Name the scenario file itself, for example scenario.ts.',
  );
}

/** Recognizes scripts of other tools before bundling, where their imports would not resolve. */
function requireOurs(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Bundling reports why the file cannot be read.
    return path;
  }
  const foreign = foreignScript(text);
  if (foreign) throw new DrumlineError('scenario-invalid', `${path} is ${foreign.what}`, foreign.hint);
  return path;
}
