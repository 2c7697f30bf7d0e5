import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpDriver, WsDriver, type HttpClient, type WsClient } from './index.js';

const silent = {
  target: 'http://127.0.0.1:9',
  now: () => performance.now(),
  onSample: () => counted++,
  onLateFailure: () => {},
  onResend: () => {},
  onTransfer: () => {},
  onMessage: () => {},
};
let counted = 0;
let driver: HttpDriver;
let http: HttpClient;
let ws: WsClient;
beforeAll(async () => {
  driver = await HttpDriver.open(silent);
  http = driver.openClient({ user: 'visitor' });
  ws = new WsDriver(silent).openClient({ user: 'visitor' }, http);
});
afterAll(async () => {
  await Promise.all([ws.close(), http.close()]);
  await driver.close();
});

/** Bypasses the types, like JavaScript callers. */
const loosely = (options: unknown): never => options as never;

describe('unknown options are rejected before anything is sent:', () => {
  test.each<[string, () => unknown, string]>([
    [
      'of a request',
      () => http.get('/x', loosely({ timeOut: 5 })),
      "GET /x: there is no option 'timeOut' (did you mean timeout?)",
    ],
    [
      'of a body',
      () => http.post('/x', loosely({ sku: 1 })),
      "POST /x: there is no option 'sku' (known options: name, tags,",
    ],
    [
      'a body in place of options',
      () => http.put('/x', loosely('body')),
      'PUT /x: the options must be an object, not a string',
    ],
    [
      'of any method',
      () => http.request('purge', '/x', loosely({ naem: 'x' })),
      "PURGE /x: there is no option 'naem' (did you mean name?)",
    ],
    [
      'of a file',
      () => http.post('/x', { multipart: { a: loosely({ content: 'a', fileName: 'b' }) } }),
      "multipart.a: there is no option 'fileName' (did you mean filename?)",
    ],
    [
      'of events',
      () => http.events('/x', loosely({ reconect: true })),
      "events of /x: there is no option 'reconect' (did you mean reconnect?)",
    ],
    [
      'of credentials',
      () => http.auth(loosely({ username: 'a', pasword: 'b' })),
      "auth: there is no option 'pasword' (did you mean password?)",
    ],
    [
      'of a WebSocket',
      () => ws.connect('/x', loosely({ protocol: 'a' })),
      "connect to /x: there is no option 'protocol' (did you mean protocols?)",
    ],
  ])('%s', async (_, call, message) => {
    await expect((async () => await call())()).rejects.toThrow(message);
    expect(counted).toBe(0);
  });
});
