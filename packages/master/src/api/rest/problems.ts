import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { DrumlineError, messageOf } from '@drumline/model';
import type { ApiProblem } from '@drumline/wire';

/** Turns every error into an `ApiProblem`: what is wrong, and how to fix it. */
export function answerProblems(app: FastifyInstance, paths: readonly string[]): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const [code, problem] = problemOf(error, `${request.method} ${request.url}`);
    return await reply.code(code).send(problem);
  });
  const missing = ({ method, url }: FastifyRequest): ApiProblem => ({
    error: `there is no ${method} ${pathOf(url)}`,
    hint: `The endpoints are: ${paths.join(', ')}.`,
  });
  // Runs before the body is read. Known paths return 405 for other methods (RFC 9110, 15.5.6).
  app.addHook('onRequest', async (request, reply) => {
    const methods = methodsOf(pathOf(request.url), paths);
    const isKnown = methods.length === 0 || methods.includes(request.method) || request.method === 'HEAD';
    if (isKnown) return undefined;
    return await reply.code(405).header('allow', methods.join(', ')).send(missing(request));
  });
  app.setNotFoundHandler(async (request, reply) => await reply.code(404).send(missing(request)));
}

function pathOf(url: string): string {
  return url.split('?')[0]!;
}

/** @param paths as `GET /v1/status` */
function methodsOf(path: string, paths: readonly string[]): string[] {
  return paths.flatMap((known) => (known.endsWith(` ${path}`) ? [known.split(' ')[0]!] : []));
}

function problemOf(error: FastifyError, what: string): [number, ApiProblem] {
  if (error instanceof DrumlineError) {
    return [error.exit === 'request-invalid' ? 409 : 500, { error: error.message, hint: error.hint }];
  }
  if (error.validation) return [400, { error: `${what}: ${readable(error)}` }];
  const status = error.statusCode ?? 500;
  if (status === 415) {
    return [
      415,
      { error: `${what}: the body must be JSON`, hint: 'Send it with content-type: application/json.' },
    ];
  }
  return [status, { error: `${what}: ${messageOf(error)}` }];
}

/**
 * Makes a validation error readable: `body/users must be integer` → `users must be integer`. Names
 * unknown properties.
 */
function readable({ validation, message }: FastifyError): string {
  const [first] = validation ?? [];
  const path = first?.instancePath?.slice(1).replaceAll('/', '.') ?? '';
  const stranger = first?.params?.['additionalProperty'];
  if (typeof stranger === 'string') return `the body has an unknown property '${stranger}'`;
  if (first?.message === undefined) return message;
  return path === '' ? `the body ${first.message}` : `${path} ${first.message}`;
}
