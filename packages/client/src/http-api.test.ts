import { expect, test } from '@jest/globals';
import { HttpApi } from './http-api.js';

const never = new Promise<never>(() => {});
const hanging = { json: () => never, text: () => never };

test.each([
  ['an answer that does not come', never],
  ['an answer whose body does not come', { ...hanging, ok: true, status: 200 }],
  ['a refusal whose body does not come', { ...hanging, ok: false, status: 503 }],
])('%s ends at the time limit, although fetch ignores it', async (_, response) => {
  const send = async (): Promise<Response> => (await response) as unknown as Response;
  const api = new HttpApi('http://127.0.0.1:1', undefined, send, 20);
  await expect(api.text('/v1/health')).rejects.toMatchObject({ code: 'unreachable' });
});
