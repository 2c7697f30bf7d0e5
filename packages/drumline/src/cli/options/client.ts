import { ApiClient } from '../api-client.js';
import { readApiToken } from '../credentials/given.js';
import { apiUrl } from './address.js';

/** What every command that talks to a running master takes. */
export const clientOptions = {
  api: apiUrl('api', { describe: 'The master’s control API', default: 'http://127.0.0.1:8089' }),
  'api-token-file': {
    type: 'string',
    requiresArg: true,
    describe:
      'File with the API’s token, as `drumline token` writes it; or DRUMLINE_API_TOKEN holds the token',
  },
  json: { type: 'boolean', default: false, describe: 'Print the answer as JSON' },
} as const;

/** The control API that a command's options name. @throws DrumlineError `usage` if the token cannot be read */
export function openClient(options: {
  readonly api: string;
  readonly apiTokenFile: string | undefined;
}): ApiClient {
  return new ApiClient(options.api, readApiToken(options.apiTokenFile)?.text);
}
