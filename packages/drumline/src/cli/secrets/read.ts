import { DrumlineError, isSecretName, MIN_SECRET_LENGTH, type Secrets } from '@drumline/model';
import { readSecretsFile, type NamedValue } from './file.js';

const PREFIX = 'DRUMLINE_SECRET_';

/**
 * The secrets of a run. `--secret` overrides DRUMLINE_SECRET_… variables, and these override the
 * file. The variables are removed from the environment: child processes must not inherit them.
 * @throws DrumlineError `usage` with every problem, without the values
 */
export function readSecrets(options: {
  readonly secret?: readonly string[] | undefined;
  readonly secretsFile?: string | undefined;
}): Secrets {
  const problems: string[] = [];
  const problem = (text: string): void => void problems.push(text);
  const named = options.secret ?? [];
  const known = [
    ...(options.secretsFile === undefined ? [] : readSecretsFile(options.secretsFile, problem)),
    ...takeVariables(),
  ];
  const given = [...known, ...named.flatMap((text) => readArgument(text, known, problem))];
  for (const name of named) delete process.env[name];
  for (const { name, value, where } of given) {
    if (!isSecretName(name))
      problem(`${where}: names have letters, digits and _, and do not begin with a digit`);
    else if (value.length < MIN_SECRET_LENGTH) {
      problem(
        `${where}: a secret with fewer than ${MIN_SECRET_LENGTH} characters cannot be distinguished from ordinary text`,
      );
    }
  }
  if (problems.length > 0) throw problemsError(problems);
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

function takeVariables(): NamedValue[] {
  return Object.keys(process.env)
    .filter((variable) => variable.startsWith(PREFIX))
    .map((variable) => {
      const value = process.env[variable]!;
      delete process.env[variable];
      return { name: variable.slice(PREFIX.length), value, where: variable };
    });
}

/**
 * Reads `NAME=VALUE`, or `NAME` with its value in the environment or in the secrets file. A config
 * file can thus declare a secret without its value.
 */
function readArgument(
  text: string,
  known: readonly NamedValue[],
  problem: (text: string) => void,
): NamedValue[] {
  const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
  if (value !== undefined) return [{ name, value, where: `--secret ${name}` }];
  const inherited = process.env[name];
  if (inherited !== undefined && isSecretName(name))
    return [{ name, value: inherited, where: `environment variable ${name}` }];
  if (known.some((other) => other.name === name)) return [];
  problem(
    isSecretName(name)
      ? `--secret ${name}: there is no environment variable ${name}`
      : '--secret: expects NAME or NAME=VALUE; names have letters, digits and _',
  );
  return [];
}

function problemsError(problems: readonly string[]): DrumlineError {
  const text =
    problems.length === 1 ? problems[0]! : `secrets:\n${problems.map((line) => `  ${line}`).join('\n')}`;
  return new DrumlineError(
    'usage',
    text,
    'Write NAME=VALUE lines to a file for --secrets-file, or set an environment variable and pass --secret NAME.',
  );
}
