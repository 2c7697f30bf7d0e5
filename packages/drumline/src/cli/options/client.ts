import { ApiError, connect, type MasterClient, type RunClient } from '@drumline/client';
import { API_ERRORS, DrumlineError } from '@drumline/model';
import { readApiToken } from '../credentials/read.js';
import { fetchTrusting } from './https-fetch.js';
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
  'api-ca': {
    type: 'string',
    requiresArg: true,
    describe: 'Certificate of the authority that the HTTPS control API is trusted by, PEM',
  },
  json: { type: 'boolean', default: false, describe: 'Print the response as JSON' },
} as const;

/** Options of every command that shows or changes one run. */
export const runClientOptions = {
  ...clientOptions,
  run: {
    type: 'string',
    requiresArg: true,
    describe: 'The run: its id, or a unique beginning of 4 or more characters; default: the run in progress',
  },
} as const;

interface CalledApi {
  readonly api: string;
  readonly apiTokenFile: string | undefined;
  readonly apiCa: string | undefined;
}

/**
 * Calls the control API of the run that a command's options name.
 * @throws DrumlineError `usage` if the token cannot be read, or for a failed call
 */
export async function callRun<T>(
  { run, ...options }: CalledApi & { readonly run: string | undefined },
  call: (run: RunClient) => Promise<T>,
): Promise<T> {
  return await callMaster(options, (master) => call(master.run(run)));
}

/**
 * Calls the control API that a command's options name.
 * @throws DrumlineError `usage` if the token cannot be read, or for a failed call
 */
export async function callMaster<T>(
  options: CalledApi,
  call: (master: MasterClient) => Promise<T>,
): Promise<T> {
  const token = readApiToken(options.apiTokenFile)?.text;
  return await callApi({ url: options.api, token, ca: options.apiCa }, call);
}

/** The control API of a running master. */
export interface ApiPlace {
  readonly url: string;
  readonly token?: string | undefined;
  /** Path of the certificate of its authority. */
  readonly ca?: string | undefined;
}

/** Calls a control API. @throws DrumlineError whose hints name options of commands */
export async function callApi<T>(
  { url, token, ca }: ApiPlace,
  call: (master: MasterClient) => Promise<T>,
): Promise<T> {
  try {
    const fetch = ca === undefined ? undefined : await fetchTrusting(ca);
    return await call(connect({ url, token, fetch }));
  } catch (error) {
    throw error instanceof ApiError ? ofCommand(error) : error;
  }
}

/** The error of a command: with an exit code, and with hints that name options. */
function ofCommand(error: ApiError): DrumlineError {
  const { code, message, hint } = error;
  switch (code) {
    case 'unreachable':
      return new DrumlineError(
        'master-unreachable',
        message,
        // The client says so if the server seems to use the other scheme.
        hint?.includes('the URL with')
          ? hint.replace('the URL', '--api')
          : 'Start one with `drumline serve` or `drumline master scenario.ts`, or name its control API with --api HOST:PORT.',
        { cause: error },
      );
    case 'certificate-untrusted':
      return new DrumlineError(
        'refused',
        message,
        'Pass the certificate of its authority with --api-ca FILE. It must be valid for the host name of --api.',
        { cause: error },
      );
    case 'not-a-master':
      return new DrumlineError(
        'master-unreachable',
        message,
        'Name the master’s control API with --api HOST:PORT; the master prints it when it starts.',
        { cause: error },
      );
    default:
      return new DrumlineError(API_ERRORS[code].exit, message, hint, { cause: error });
  }
}
