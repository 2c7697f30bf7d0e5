import { DrumlineError } from '@drumline/model';
import { ApiToken, MasterKey, WorkerToken, type CredentialKind } from '@drumline/wire/security';
import { readPrivateFile } from './private-files.js';

/**
 * The environment variables that hold credentials. No option takes a credential: every user of the
 * machine can read command lines in the list of processes.
 */
export const CREDENTIAL_VARIABLES: Readonly<Record<CredentialKind, string>> = {
  key: 'DRUMLINE_KEY',
  token: 'DRUMLINE_TOKEN',
  api: 'DRUMLINE_API_TOKEN',
};

/** The options that name their files. */
const OPTIONS: Readonly<Record<CredentialKind, string>> = {
  key: 'key-file',
  token: 'token-file',
  api: 'api-token-file',
};

const taken = new Map<CredentialKind, string>();

/**
 * Takes credentials out of the environment, before there are child processes that would inherit
 * them: some run the user’s code.
 */
export function takeCredentials(env: NodeJS.ProcessEnv): void {
  for (const [kind, variable] of Object.entries(CREDENTIAL_VARIABLES)) {
    const value = env[variable];
    if (value !== undefined && value !== '') taken.set(kind as CredentialKind, value);
    delete env[variable];
  }
}

/**
 * The master’s key, from a file or else from the environment; nothing if neither is given.
 * @throws DrumlineError `usage` if the file cannot be read, or does not hold a key
 */
export function readMasterKey(file: string | undefined): MasterKey | undefined {
  return readGiven('key', file, (text, where) => MasterKey.parse(text, where));
}

/** The token of a worker, as `readMasterKey`. */
export function readWorkerToken(file: string | undefined): WorkerToken | undefined {
  return readGiven('token', file, (text, where) => WorkerToken.parse(text, where));
}

/**
 * The token for the control API, as `readMasterKey`; where the environment has only the master’s
 * key, that key’s token.
 */
export function readApiToken(file: string | undefined): ApiToken | undefined {
  const token = readGiven('api', file, (text, where) => ApiToken.parse(text, where));
  return token ?? readMasterKey(undefined)?.apiToken;
}

function readGiven<T>(
  kind: CredentialKind,
  file: string | undefined,
  parse: (text: string, where: string) => T,
): T | undefined {
  if (file !== undefined) return parse(readFile(OPTIONS[kind], file), file);
  const value = taken.get(kind);
  return value === undefined ? undefined : parse(value, CREDENTIAL_VARIABLES[kind]);
}

function readFile(option: string, path: string): string {
  if (!/^drumline-\w+-\d+\./.test(path)) return readPrivateFile(option, path);
  throw new DrumlineError(
    'usage',
    `--${option}: it takes the name of a file, not what is in it`,
    'On the command line every user of this machine can see it: make new ones with `drumline token --force`.',
  );
}
