import type { FastifyInstance } from 'fastify';
import {
  apiProblem,
  findSubmissionProblem,
  messageReply,
  missingArtifacts,
  runView,
  submission,
  uploadView,
  type Submission,
  type UploadView,
} from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { idempotencyHeaders } from './idempotency.js';

/** The most bytes of a submission, and of a list of hashes. Data files are uploaded apart. */
const SUBMISSION_BYTES = 16 * 1024 * 1024;
/** The most bytes of one upload request. Larger files take several. */
const CHUNK_BYTES = 64 * 1024 * 1024;

const hash = { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the bytes, hexadecimal' };
const problems = { 400: apiProblem, 409: apiProblem };

/** Adds the routes that submit a run, upload its files before, and finish a master with one run. */
export function addSubmissions(app: FastifyInstance, control: ControlPlane): void {
  app.post(
    '/v1/finish',
    {
      schema: {
        summary: 'Let a master end that executes one run, once everything was fetched',
        response: { 200: messageReply, ...problems },
      },
    },
    () => ({ message: control.finish() }),
  );
  app.addContentTypeParser('application/octet-stream', { bodyLimit: CHUNK_BYTES }, (_, payload, done) => {
    done(null, payload);
  });
  app.post<{ Body: Submission; Headers: { 'idempotency-key'?: string } }>(
    '/v1/runs',
    {
      bodyLimit: SUBMISSION_BYTES,
      schema: {
        summary: 'Submit a run, whose files were uploaded before',
        headers: idempotencyHeaders,
        body: submission,
        response: { 201: runView, ...problems, 429: apiProblem },
      },
      validatorCompiler: ({ httpPart }) => (httpPart === 'body' ? readSubmission : (value) => ({ value })),
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return await reply.code(201).send(await control.submit(request.body, key));
    },
  );
  app.post<{ Body: { hashes: string[] } }>(
    '/v1/artifacts/missing',
    {
      bodyLimit: SUBMISSION_BYTES,
      schema: {
        summary: 'The files that were not uploaded yet',
        body: {
          type: 'object',
          required: ['hashes'],
          properties: { hashes: { type: 'array', items: hash, maxItems: 10_000 } },
        },
        response: { 200: missingArtifacts, ...problems },
      },
    },
    async ({ body }) => ({ missing: await control.uploads.missing(body.hashes) }),
  );
  app.get<{ Params: { hash: string } }>(
    '/v1/artifacts/:hash',
    {
      schema: {
        summary: 'How many bytes of a file were uploaded',
        params: { type: 'object', properties: { hash } },
        response: { 200: uploadView, ...problems },
      },
    },
    async ({ params }): Promise<UploadView> => ({ bytes: await control.uploads.uploadedBytes(params.hash) }),
  );
  app.put<{ Params: { hash: string }; Querystring: Upload; Body: AsyncIterable<Uint8Array> }>(
    '/v1/artifacts/:hash',
    {
      bodyLimit: CHUNK_BYTES,
      schema: {
        summary: 'Upload a part of a file, from the offset that was reached',
        consumes: ['application/octet-stream'],
        params: { type: 'object', properties: { hash } },
        querystring: {
          type: 'object',
          required: ['size'],
          properties: {
            offset: { type: 'integer', minimum: 0, default: 0, description: 'where the part begins, bytes' },
            size: { type: 'integer', minimum: 0, description: 'size of the whole file, bytes' },
          },
        },
        response: { 200: uploadView, ...problems },
      },
      validatorCompiler: ({ httpPart }) =>
        httpPart === 'querystring' ? readUpload : httpPart === 'params' ? readHash : (value) => ({ value }),
    },
    async ({ params, query, body }): Promise<UploadView> => {
      const { offset, size } = query;
      return { bytes: await control.uploads.append({ id: params.hash, size }, offset, body) };
    },
  );
}

interface Upload {
  readonly offset: number;
  readonly size: number;
}

type Read<T> = { value: T } | { error: Error };

function readSubmission(value: unknown): Read<unknown> {
  const problem = findSubmissionProblem(value);
  return problem === undefined ? { value } : { error: new Error(problem) };
}

function readHash(value: { hash?: unknown }): Read<unknown> {
  if (typeof value.hash === 'string' && /^[0-9a-f]{64}$/.test(value.hash)) return { value };
  return { error: new Error('hash must be the SHA-256 of the file, hexadecimal') };
}

/** Query values are text, and type coercion is off. So this validator converts the numbers. */
function readUpload({ offset = '0', size }: { offset?: unknown; size?: unknown }): Read<Upload> {
  if (isWholeNumber(offset) && isWholeNumber(size))
    return { value: { offset: Number(offset), size: Number(size) } };
  return { error: new Error('size and offset must be whole numbers of bytes') };
}

function isWholeNumber(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,15}$/.test(value);
}
