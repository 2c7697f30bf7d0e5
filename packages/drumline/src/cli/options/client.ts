import { apiUrl } from './address.js';

/** What every command that talks to a running master takes. */
export const clientOptions = {
  api: apiUrl('api', { describe: 'The master’s control API', default: 'http://127.0.0.1:8089' }),
  json: { type: 'boolean', default: false, describe: 'Print the answer as JSON' },
} as const;
