import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import {
  API_ERRORS,
  apiErrorCode,
  DrumlineError,
  messageOf,
  ProblemsError,
  type ApiErrorName,
  type PlanProblem,
} from '@drumline/model';
import type { ApiProblem, ProblemView } from '@drumline/wire';

/** Turns every error into an `ApiProblem`: what is wrong, and how to fix it. */
export function answerProblems(app: FastifyInstance, paths: readonly string[]): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const [code, problem] = problemOf(error, `${request.method} ${request.url}`);
    return await reply.code(code).send(problem);
  });
  const missing = (code: ApiErrorName, { method, url }: FastifyRequest): ApiProblem => ({
    error: `there is no ${method} ${pathOf(url)}`,
    code,
    hint: `The endpoints are: ${paths.join(', ')}.`,
  });
  // Runs before the body is read. Known paths return 405 for other methods (RFC 9110, 15.5.6).
  app.addHook('onRequest', async (request, reply) => {
    const methods = methodsOf(pathOf(request.url), paths);
    const isKnown = methods.length === 0 || methods.includes(request.method) || request.method === 'HEAD';
    if (isKnown) return undefined;
    const problem = missing('method-unknown', request);
    return await reply.code(405).header('allow', methods.join(', ')).send(problem);
  });
  app.setNotFoundHandler(
    async (request, reply) => await reply.code(404).send(missing('path-unknown', request)),
  );
}

function pathOf(url: string): string {
  return url.split('?')[0]!;
}

/** @param paths as `GET /v1/runs/{id}/status` */
function methodsOf(path: string, paths: readonly string[]): string[] {
  const parts = path.split('/');
  return paths.flatMap((known) => {
    const [method, pattern] = known.split(' ') as [string, string];
    return matches(parts, pattern.split('/')) ? [method] : [];
  });
}

function matches(parts: readonly string[], pattern: readonly string[]): boolean {
  if (parts.length !== pattern.length) return false;
  return pattern.every((part, index) => {
    const given = parts[index]!;
    const [before, isParameter] = [part.split('{')[0]!, part.includes('{')];
    return isParameter ? given.length > before.length && given.startsWith(before) : part === given;
  });
}

function problemOf(error: FastifyError, what: string): [number, ApiProblem] {
  if (error instanceof DrumlineError) {
    const code = apiErrorCode(error);
    const problems = error instanceof ProblemsError ? error.problems.map(viewOf) : undefined;
    return [API_ERRORS[code].status, { error: error.message, code, hint: error.hint, problems }];
  }
  if (error.validation) return [400, { error: `${what}: ${readable(error)}`, code: 'argument-invalid' }];
  const status = error.statusCode ?? 500;
  const code = CODES[status] ?? (status < 500 ? 'argument-invalid' : 'internal');
  if (code !== 'body-not-json') return [status, { error: `${what}: ${messageOf(error)}`, code }];
  return [
    status,
    {
      error: `${what}: the body must be JSON`,
      code,
      hint: 'Send it with content-type: application/json.',
    },
  ];
}

function viewOf({ where, message, hint }: PlanProblem): ProblemView {
  return { where, message, ...(hint !== undefined && { hint }) };
}

/** Of errors that the framework raises. */
const CODES: Readonly<Record<number, ApiErrorName>> = { 413: 'body-too-large', 415: 'body-not-json' };

/**
 * Makes a validation error readable: `body/users must be integer` → `users must be integer`.
 * Names unknown properties.
 */
function readable({ validation, message }: FastifyError): string {
  const [first] = validation ?? [];
  const path = first?.instancePath?.slice(1).replaceAll('/', '.') ?? '';
  const stranger = first?.params?.['additionalProperty'];
  if (typeof stranger === 'string') return `the body has an unknown property '${stranger}'`;
  if (first?.message === undefined) return message;
  return path === '' ? `the body ${first.message}` : `${path} ${first.message}`;
}
