import { ApiError, connect, type MasterClient } from '@drumline/client';
import { DrumlineError, type ExitName } from '@drumline/model';
import { readApiToken } from '../credentials/read.js';
import { apiUrl } from './address.js';

/** Options of every command that calls the control API of a running master. */
export const clientOptions = {
  api: apiUrl('api', { describe: 'Address of the master’s control API', default: 'http://127.0.0.1:8089' }),
  'api-token-file': {
    type: 'string',
    requiresArg: true,
    describe:
      'File with the token of the control API, created by `drumline token`; or set DRUMLINE_API_TOKEN to the token',
  },
  json: { type: 'boolean', default: false, describe: 'Print the response as JSON' },
} as const;

/**
 * Calls the control API that a command's options name.
 * @throws DrumlineError `usage` if the token cannot be read, or for a failed call
 */
export async function callMaster<T>(
  options: { readonly api: string; readonly apiTokenFile: string | undefined },
  call: (master: MasterClient) => Promise<T>,
): Promise<T> {
  const token = readApiToken(options.apiTokenFile)?.text;
  try {
    return await call(connect({ url: options.api, token }));
  } catch (error) {
    throw error instanceof ApiError ? ofCommand(error) : error;
  }
}

/** Exit codes by HTTP status. */
const EXITS: Readonly<Record<number, ExitName>> = {
  400: 'usage',
  401: 'refused',
  403: 'refused',
  409: 'request-invalid',
};

/** The error of a command: with an exit code, and with hints that name options. */
function ofCommand(error: ApiError): DrumlineError {
  const { code, message, hint, status = 0 } = error;
  switch (code) {
    case 'rejected':
      return new DrumlineError(EXITS[status] ?? 'master-unreachable', message, hint, { cause: error });
    case 'unreachable':
      return new DrumlineError(
        'master-unreachable',
        message,
        'Start one with `drumline master scenario.ts`, or name its control API with --api HOST:PORT.',
        { cause: error },
      );
    case 'not-a-master':
      return new DrumlineError(
        'master-unreachable',
        message,
        'Name the master’s control API with --api HOST:PORT; the master prints it when it starts.',
        { cause: error },
      );
    case 'other-run':
      return new DrumlineError('master-unreachable', message, hint, { cause: error });
  }
}
