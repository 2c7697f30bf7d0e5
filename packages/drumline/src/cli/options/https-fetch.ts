import { readFile } from 'node:fs/promises';
import { request, Agent } from 'node:https';
import { Readable } from 'node:stream';
import { createSecureContext, rootCertificates } from 'node:tls';
import { messageOf } from '@drumline/model';
import { optionError } from './values.js';

/**
 * A `fetch` for HTTPS that also trusts a certificate authority. The global `fetch` of Node trusts
 * more authorities only from its start on.
 * @throws DrumlineError `usage` if the file cannot be read, or has no certificate
 */
export async function fetchTrusting(path: string): Promise<typeof fetch> {
  const ca = await readCa(path);
  const agent = new Agent({ ca: [...rootCertificates, ca], keepAlive: false });
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== 'https:') return await fetch(input, init);
    return await send(url, init, agent);
  };
}

async function readCa(path: string): Promise<string> {
  try {
    const ca = await readFile(path, 'utf8');
    createSecureContext({ ca });
    if (ca.includes('-----BEGIN CERTIFICATE-----')) return ca;
  } catch (error) {
    throw optionError('api-ca', `the file cannot be used: ${messageOf(error)}`, 'It must be a PEM file.');
  }
  throw optionError('api-ca', `${path} has no certificate`, 'It must be a PEM file.');
}

function send(
  url: URL,
  { method = 'GET', headers, body, signal }: RequestInit,
  agent: Agent,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method,
        agent,
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal && { signal }),
      },
      (response) => {
        const { statusCode = 0 } = response;
        const empty = method === 'HEAD' || statusCode === 204;
        const received = new Headers();
        for (const [name, value] of Object.entries(response.headers))
          if (value !== undefined) received.set(name, String(value));
        const content = empty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>);
        resolve(new Response(content, { status: statusCode, headers: received }));
      },
    );
    sent.once('error', (cause) => {
      const failure = new TypeError('fetch failed', { cause });
      reject(signal?.aborted ? (signal.reason as Error) : failure);
    });
    sent.end(body as string | Uint8Array | undefined);
  });
}
