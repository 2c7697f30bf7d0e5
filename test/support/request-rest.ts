import type { Message } from './grpc-control.js';

/** Makes the request of REST that does the same as a call. */
export async function requestRest(
  base: string,
  rest: string,
  { run, format, hash, data, submission, idempotencyKey, labels, worker, ...values }: Message,
  token?: string,
): Promise<{ status: number; body: unknown }> {
  const [method, path] = rest.split(' ') as [string, string];
  const named = path
    .replace('{id}', encodeURIComponent((run as string | undefined) ?? 'current'))
    .replace('{path}', encodeURIComponent(values['path'] as string))
    .replace('{name}', worker as string)
    .replace('{hash}', hash as string)
    .replace('{format}', format as string);
  const url = new URL(base + named);
  const isScenario = path.startsWith('/v1/scenarios/');
  const hasBody = method === 'POST' && (isScenario || /(?:users|rate|missing|annotations)$/.test(path));
  if (!hasBody && !isScenario)
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, `${value as number}`);
  if (run !== undefined && !path.includes('{id}')) url.searchParams.set('run', run as string);
  if (labels && !isScenario) {
    const pairs = Object.entries(labels).map((pair) => pair.join('=').replaceAll(/[\\,]/g, '\\$&'));
    url.searchParams.set('label', pairs.join(','));
  }
  const sent =
    submission ??
    data ??
    (hasBody ? JSON.stringify(isScenario && labels ? { ...values, labels } : values) : undefined);
  const type = method === 'PUT' ? 'application/octet-stream' : 'application/json';
  const response = await fetch(url, {
    method,
    headers: {
      ...(sent !== undefined && { 'content-type': type }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey as string }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(sent !== undefined && { body: sent as string }),
  });
  const contentType = response.headers.get('content-type')?.split(';')[0];
  if (format !== undefined && response.ok)
    return { status: response.status, body: { contentType, text: await response.text() } };
  const isStream = contentType === 'text/event-stream';
  if (isStream) await response.body!.cancel();
  return { status: response.status, body: isStream ? undefined : await response.json() };
}
