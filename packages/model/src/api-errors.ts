import { DrumlineError } from './errors.js';
import type { ExitName } from './exit-codes.js';

interface ApiErrorFacts {
  /** Status of the HTTP response. */
  readonly status: number;
  /** Name of the gRPC status. */
  readonly grpc: string;
  /** Exit code of a command whose request failed with it. */
  readonly exit: ExitName;
  readonly meaning: string;
}

/** Every error of the control API, by its code. REST, gRPC and the client read this table. */
export const API_ERRORS = {
  'argument-invalid': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    exit: 'usage',
    meaning: 'a value of the request is invalid; the message says which',
  },
  'scenario-invalid': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    exit: 'scenario-invalid',
    meaning: 'the scenario or its options have problems; `problems` lists them',
  },
  'token-missing': {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    exit: 'refused',
    meaning: 'the request has no token, and this address needs one',
  },
  'token-wrong': {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    exit: 'refused',
    meaning: 'the token is not one of this master',
  },
  'role-missing': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    exit: 'refused',
    meaning: 'the token has no right to this; the message says which role is needed',
  },
  'origin-refused': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    exit: 'refused',
    meaning: 'the request came from a web page of another origin',
  },
  'host-refused': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    exit: 'refused',
    meaning: 'the `Host` header does not name this API',
  },
  'path-unknown': {
    status: 404,
    grpc: 'UNIMPLEMENTED',
    exit: 'master-unreachable',
    meaning: 'the path does not exist; the hint lists the paths',
  },
  'run-unknown': {
    status: 404,
    grpc: 'NOT_FOUND',
    exit: 'usage',
    meaning: 'no run has this id',
  },
  'run-file-missing': {
    status: 404,
    grpc: 'NOT_FOUND',
    exit: 'usage',
    meaning: 'the run has no run file: it was not stored, or it never began',
  },
  'worker-unknown': {
    status: 404,
    grpc: 'NOT_FOUND',
    exit: 'usage',
    meaning: 'the cluster has no worker of this name',
  },
  'scenario-unknown': {
    status: 404,
    grpc: 'NOT_FOUND',
    exit: 'usage',
    meaning: 'the directory has no scenario of this path',
  },
  'method-unknown': {
    status: 405,
    grpc: 'UNIMPLEMENTED',
    exit: 'master-unreachable',
    meaning: 'the path does not support this method; the header `Allow` lists those it does',
  },
  'request-late': {
    status: 408,
    grpc: 'DEADLINE_EXCEEDED',
    exit: 'master-unreachable',
    meaning: 'the request was not complete in time',
  },
  'request-invalid': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    exit: 'request-invalid',
    meaning: 'the state of the run does not allow the order',
  },
  'run-ambiguous': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    exit: 'usage',
    meaning: 'several runs match; the hint lists them',
  },
  'run-unfinished': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    exit: 'request-invalid',
    meaning: 'the result and the run file exist only after the end of the run',
  },
  'upload-offset': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    exit: 'request-invalid',
    meaning: 'the offset is not the end of what was uploaded, or another request uploads the same file',
  },
  'upload-damaged': {
    status: 400,
    grpc: 'DATA_LOSS',
    exit: 'request-invalid',
    meaning: 'the uploaded bytes do not match their hash or size',
  },
  'artifacts-missing': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    exit: 'request-invalid',
    meaning: 'files of the submitted run are not uploaded; the message lists them',
  },
  'queue-full': {
    status: 429,
    grpc: 'RESOURCE_EXHAUSTED',
    exit: 'request-invalid',
    meaning: 'too many runs wait in the queue',
  },
  'body-too-large': {
    status: 413,
    grpc: 'RESOURCE_EXHAUSTED',
    exit: 'usage',
    meaning: 'the body is too large',
  },
  'body-not-json': {
    status: 415,
    grpc: 'INVALID_ARGUMENT',
    exit: 'master-unreachable',
    meaning: 'the body is not JSON',
  },
  'head-too-large': {
    status: 431,
    grpc: 'RESOURCE_EXHAUSTED',
    exit: 'master-unreachable',
    meaning: 'the request headers are too long',
  },
  internal: {
    status: 500,
    grpc: 'INTERNAL',
    exit: 'master-unreachable',
    meaning: 'an internal error, which is a bug in Drumline',
  },
  overloaded: {
    status: 503,
    grpc: 'UNAVAILABLE',
    exit: 'master-unreachable',
    meaning: 'too many event streams are open, or too many scenarios are being read',
  },
} as const satisfies Record<string, ApiErrorFacts>;

export type ApiErrorName = keyof typeof API_ERRORS;

/** A request to the control plane that cannot be fulfilled. */
export class RequestError extends DrumlineError {
  constructor(
    readonly code: ApiErrorName,
    message: string,
    hint?: string,
  ) {
    super(API_ERRORS[code].exit, message, hint);
  }
}

/** The code of an error that the control plane threw. */
export function apiErrorCode(error: unknown): ApiErrorName {
  if (error instanceof RequestError) return error.code;
  if (!(error instanceof DrumlineError)) return 'internal';
  if (error.exit === 'usage') return 'argument-invalid';
  if (error.exit === 'scenario-invalid') return 'scenario-invalid';
  return error.exit === 'request-invalid' ? 'request-invalid' : 'internal';
}
