/** An operation that only has an answer. */
export const OK = { responses: { 200: { description: 'ok' } } };

/** A description with one path, or several. */
export function api(paths: object, rest: object = {}): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'An API', version: '1' },
    servers: [{ url: 'https://api.example/v1/' }],
    paths,
    ...rest,
  });
}
