/** An operation with only a response. */
export const OK = { responses: { 200: { description: 'ok' } } };

/** An OpenAPI document with these paths. */
export function api(paths: object, rest: object = {}): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'An API', version: '1' },
    servers: [{ url: 'https://api.example/v1/' }],
    paths,
    ...rest,
  });
}
