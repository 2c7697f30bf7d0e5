import { existsSync, statSync } from 'node:fs';
import { DrumlineError } from '@drumline/model';

export const scenarioPositional = {
  scenario: { type: 'string', describe: 'The scenario file (or DRUMLINE_SCENARIO)' },
} as const;

/** @throws DrumlineError if no scenario is named or its file is not there */
export function requireScenario(path: string | undefined, command: string): string {
  if (path === undefined || path === '') {
    throw new DrumlineError(
      'usage',
      `drumline ${command}: the scenario file is missing`,
      `For example: drumline ${command} scenario.ts. \`drumline new\` writes one to start with.`,
    );
  }
  if (!existsSync(path)) {
    throw new DrumlineError(
      'scenario-invalid',
      `there is no file ${path}`,
      'Check the path; `drumline new` writes a scenario to start with.',
    );
  }
  if (statSync(path).isFile()) return path;
  throw new DrumlineError(
    'scenario-invalid',
    `${path} is no file`,
    'Name the scenario file itself, for example scenario.ts.',
  );
}
