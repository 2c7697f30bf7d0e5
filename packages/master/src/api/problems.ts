import type { FastifyError, FastifyInstance } from 'fastify';
import { DrumlineError, messageOf } from '@drumline/model';
import type { ApiProblem } from '@drumline/wire';

/** Answers everything that goes wrong with an `ApiProblem`: what is wrong, and how to mend it. */
export function answerProblems(app: FastifyInstance, paths: readonly string[]): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const [code, problem] = problemOf(error, `${request.method} ${request.url}`);
    return await reply.code(code).send(problem);
  });
  app.setNotFoundHandler(async (request, reply) => {
    return await reply.code(404).send({
      error: `there is no ${request.method} ${request.url.split('?')[0]}`,
      hint: `There are: ${paths.join(', ')}.`,
    } satisfies ApiProblem);
  });
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

/** `body/users must be integer` → `users must be integer`, with the name of a property that does not belong there. */
function readable({ validation, message }: FastifyError): string {
  const [first] = validation ?? [];
  const path = first?.instancePath?.slice(1).replaceAll('/', '.') ?? '';
  const stranger = first?.params?.['additionalProperty'];
  if (typeof stranger === 'string') return `the body has an unknown property '${stranger}'`;
  if (first?.message === undefined) return message;
  return path === '' ? `the body ${first.message}` : `${path} ${first.message}`;
}
