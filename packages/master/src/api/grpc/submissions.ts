import { RequestError } from '@drumline/model';
import {
  emptyRequest,
  findSubmissionProblem,
  messageReply,
  missingArtifacts,
  missingRequest,
  runView,
  submitRequest,
  uploadRequest,
  uploadStateRequest,
  uploadView,
  type Submission,
} from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import type { Operation } from './operations.js';

interface Upload {
  readonly hash: string;
  readonly offset?: number;
  readonly size: number;
  readonly data?: Uint8Array;
}

/** The calls that submit a run, upload its files before, and finish a master with one run. */
export const SUBMISSIONS: readonly Operation[] = [
  {
    name: 'SubmitRun',
    summary: 'Submit a run, whose files were uploaded before',
    rest: 'POST /v1/runs',
    request: ['SubmitRunRequest', submitRequest],
    response: ['Run', runView],
    call: async (
      control: ControlPlane,
      { submission, idempotencyKey }: { submission: string; idempotencyKey?: string },
    ) => await control.submit(readSubmission(submission), idempotencyKey),
  },
  {
    name: 'FindMissingArtifacts',
    summary: 'The files that were not uploaded yet',
    rest: 'POST /v1/artifacts/missing',
    request: ['FindMissingArtifactsRequest', missingRequest],
    response: ['MissingArtifacts', missingArtifacts],
    call: async (control: ControlPlane, { hashes = [] }: { hashes?: string[] }) => ({
      missing: await control.uploads.missing(hashes),
    }),
  },
  {
    name: 'GetUpload',
    summary: 'How many bytes of a file were uploaded',
    rest: 'GET /v1/artifacts/{hash}',
    request: ['GetUploadRequest', uploadStateRequest],
    response: ['Upload', uploadView],
    call: async (control: ControlPlane, { hash }: Upload) => ({
      bytes: await control.uploads.uploadedBytes(hash),
    }),
  },
  {
    name: 'UploadArtifact',
    summary: 'Upload a part of a file, from the offset that was reached',
    rest: 'PUT /v1/artifacts/{hash}',
    request: ['UploadArtifactRequest', uploadRequest],
    response: ['Upload', uploadView],
    call: async (control: ControlPlane, { hash, offset = 0, size, data }: Upload) => ({
      bytes: await control.uploads.append({ id: hash, size }, offset, once(data ?? new Uint8Array())),
    }),
  },
  {
    name: 'Finish',
    summary: 'Let a master end that executes one run, once everything was fetched',
    rest: 'POST /v1/finish',
    request: ['FinishRequest', emptyRequest],
    response: ['MessageReply', messageReply],
    call: (control: ControlPlane) => ({ message: control.finish() }),
  },
];

/** @throws RequestError `argument-invalid` */
function readSubmission(text: string): Submission {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError('argument-invalid', 'submission must be JSON');
  }
  const problem = findSubmissionProblem(value);
  if (problem !== undefined) throw new RequestError('argument-invalid', problem);
  return value as Submission;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}
