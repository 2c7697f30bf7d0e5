import { DrumlineError } from '@drumline/model';
import { ApiToken, MasterKey, WorkerToken } from '@drumline/wire/security';
import { readPrivateFile } from './private-files.js';

/** What is passed to a command. `api` may be a token of any role. */
type GivenKind = 'key' | 'token' | 'api';

/**
 * The environment variables that hold credentials. No option takes a credential: every user of the
 * machine can read command lines in the list of processes.
 */
export const CREDENTIAL_VARIABLES: Readonly<Record<GivenKind, string>> = {
  key: 'DRUMLINE_KEY',
  token: 'DRUMLINE_TOKEN',
  api: 'DRUMLINE_API_TOKEN',
};

/** The options for files with credentials. */
const OPTIONS: Readonly<Record<GivenKind, string>> = {
  key: 'key-file',
  token: 'token-file',
  api: 'api-token-file',
};

const fromEnvironment = new Map<GivenKind, string>();

/**
 * Moves credentials out of the environment. Child processes must not inherit them, because some run
 * the user's code.
 */
export function takeCredentials(env: NodeJS.ProcessEnv): void {
  for (const [kind, variable] of Object.entries(CREDENTIAL_VARIABLES)) {
    const value = env[variable];
    if (value !== undefined && value !== '') fromEnvironment.set(kind as GivenKind, value);
    delete env[variable];
  }
}

/**
 * The key of a master, from a file or the environment; undefined if neither is given.
 * @throws DrumlineError `usage` if the file cannot be read, or does not contain a key
 */
export function readMasterKey(file: string | undefined): MasterKey | undefined {
  return readCredential('key', file, (text, where) => MasterKey.parse(text, where));
}

/** The token of a worker. Reads and throws as `readMasterKey`. */
export function readWorkerToken(file: string | undefined): WorkerToken | undefined {
  return readCredential('token', file, (text, where) => WorkerToken.parse(text, where));
}

/**
 * The token for the control API. Reads and throws as `readMasterKey`. If only the key is in the
 * environment, derives the token from it.
 */
export function readApiToken(file: string | undefined): ApiToken | undefined {
  const token = readCredential('api', file, (text, where) => ApiToken.parse(text, where));
  return token ?? readMasterKey(undefined)?.apiToken;
}

function readCredential<T>(
  kind: GivenKind,
  file: string | undefined,
  parse: (text: string, where: string) => T,
): T | undefined {
  if (file !== undefined) return parse(readFile(OPTIONS[kind], file), file);
  const value = fromEnvironment.get(kind);
  return value === undefined ? undefined : parse(value, CREDENTIAL_VARIABLES[kind]);
}

function readFile(option: string, path: string): string {
  if (!/^drumline-\w+-\d+\./.test(path)) return readPrivateFile(option, path);
  throw new DrumlineError(
    'usage',
    `--${option}: expects the path of a file, not its contents`,
    'Every user of this machine can read command lines. Replace the key and its tokens with `drumline token --force`.',
  );
}
