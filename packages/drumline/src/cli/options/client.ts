import { ApiClient } from '@drumline/client';
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
 * Creates the client of a control API from a command's options.
 * @throws DrumlineError `usage` if the token cannot be read
 */
export function openClient(options: {
  readonly api: string;
  readonly apiTokenFile: string | undefined;
}): ApiClient {
  return new ApiClient(options.api, readApiToken(options.apiTokenFile)?.text);
}
