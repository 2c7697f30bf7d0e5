import type { FastifyInstance } from 'fastify';
import { hostOfHeader, isLoopback } from './hosts.js';

/**
 * Refuses what a web page of a stranger makes a browser send: requests from another origin, and, on loopback, requests
 * under another host's name (DNS rebinding). Programs send no `Origin` and are not concerned.
 */
export function refuseStrangers(app: FastifyInstance, onLoopback: boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin, host = '' } = request.headers;
    const foreignPage = origin !== undefined && hostOfOrigin(origin) !== host;
    const foreignName = onLoopback && !isLoopback(hostOfHeader(host));
    if (!foreignPage && !foreignName) return undefined;
    return await reply.code(403).send({
      error: foreignPage
        ? `requests from pages of ${origin} are refused`
        : `this API is for this machine only and is not called '${host}'`,
      hint: 'Use the address that the master printed, from a program or a page of the same address.',
    });
  });
}

function hostOfOrigin(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
