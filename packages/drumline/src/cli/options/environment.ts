import { DrumlineError } from '@drumline/model';

/** `process.env` of the scenario, the same on every machine. */
export const environmentOption = {
  type: 'string',
  alias: 'e',
  array: true,
  requiresArg: true,
  group: 'Scenario:',
  describe:
    'Environment variable of the scenario on every worker: NAME=VALUE, or NAME to copy its value from here. Stored with the run: use --secret for secrets',
  read: (value: unknown): Record<string, string> => readEnvironment([value].flat().map(String)),
} as const;

/** Node reads these when a process starts, and the lanes have already started. */
const READ_AT_START = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'UV_THREADPOOL_SIZE'];

/** @throws DrumlineError `usage` with every problem */
function readEnvironment(texts: readonly string[]): Record<string, string> {
  const problems: string[] = [];
  const environment: Record<string, string> = {};
  for (const text of texts) {
    const [, name = '', given] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
    const value = given ?? process.env[name];
    const problem = findProblem(name, value);
    if (problem !== undefined) problems.push(problem);
    else environment[name] = value!;
  }
  if (problems.length === 0) return environment;
  const [first, ...others] = problems.map((problem) => `--env: ${problem}`);
  throw new DrumlineError(
    'usage',
    [first, ...others].join('\n'),
    'Write -e NAME=VALUE, or -e NAME for a variable that is set on this machine.',
  );
}

function findProblem(name: string, value: string | undefined): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return `'${name}' is not a valid name: names have letters, digits and _, and do not begin with a digit`;
  }
  if (name.startsWith('DRUMLINE_'))
    return `${name}: variables that begin with DRUMLINE_ are reserved for options of Drumline`;
  if (READ_AT_START.includes(name)) {
    return `${name} is read when a process starts: set it where the workers are started`;
  }
  return value === undefined ? `there is no environment variable ${name}` : undefined;
}
