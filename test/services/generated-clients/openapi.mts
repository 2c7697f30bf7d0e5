// Drives a run with a client whose types openapi-typescript has generated. Argument: URL, run id.
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const [, , baseUrl, id] = process.argv as unknown as [string, string, string, string];
const client = createClient<paths>({ baseUrl });
const params = { path: { id } };

async function status(): Promise<components['schemas']['StatusView']> {
  const { data, error } = await client.GET('/v1/runs/{id}/status', { params });
  if (error) throw new Error(error.error);
  return data;
}

await client.POST('/v1/runs/{id}/users', { params, body: { users: 3 } });
while ((await status()).users !== 3);
// @ts-expect-error: the number of users is not a text
const { error } = await client.POST('/v1/runs/{id}/users', { params, body: { users: '3' } });
await client.POST('/v1/runs/{id}/stop', { params });
while ((await status()).state !== 'finished');
const { data: result } = await client.GET('/v1/runs/{id}/result', { params });
console.log(JSON.stringify({ requests: result?.totals.requests, refused: error?.code }));
