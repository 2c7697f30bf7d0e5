import type { Submission, RunView, UploadView } from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import type { HttpApi } from './http-api.js';

/** A file of a run. */
export interface UploadedFile {
  /** SHA-256 of its bytes, hexadecimal. */
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** Reads a part of it. */
  read(offset: number, length: number): Promise<Uint8Array> | Uint8Array;
}

export interface UploadOptions {
  /** Called after each part. */
  readonly onProgress?: ((uploadedBytes: number, totalBytes: number) => void) | undefined;
}

/** Bytes of one request. */
const PART_BYTES = 1024 * 1024;
const ATTEMPTS = 5;
const RETRY_AFTER_MS = 300;

/**
 * Uploads the files that the master does not have. Continues an upload that was cut.
 * @returns the number of uploaded bytes
 */
export async function uploadMissing(
  http: HttpApi,
  files: readonly UploadedFile[],
  { onProgress }: UploadOptions,
): Promise<number> {
  const hashes = files.map(({ id }) => id);
  const { missing } = await retried(() =>
    http.request<{ missing: string[] }>('POST', '/v1/artifacts/missing', { hashes }),
  );
  const wanted = files.filter(({ id }) => missing.includes(id));
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const file of wanted) {
    const before = done;
    await upload(http, file, (bytes) => onProgress?.((done = before + bytes), total));
    done = before + file.size;
  }
  return total;
}

async function upload(http: HttpApi, file: UploadedFile, progress: (bytes: number) => void): Promise<void> {
  const { id, size } = file;
  const path = `/v1/artifacts/${id}`;
  let failures = 0;
  let offset: number | undefined;
  do {
    try {
      offset ??= (await http.request<UploadView>('GET', path)).bytes;
      const part = await file.read(offset, Math.min(PART_BYTES, size - offset));
      ({ bytes: offset } = await http.put<UploadView>(`${path}?offset=${offset}&size=${size}`, part));
      failures = 0;
      progress(offset);
    } catch (error) {
      if (!mayPass(error) || (failures += 1) >= ATTEMPTS) throw error;
      offset = undefined;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * 2 ** failures));
    }
  } while (offset === undefined || offset < size);
}

/** Submits a run. Repeats the request with the same key if no answer arrives. */
export async function submitRun(http: HttpApi, submission: Submission, key: string): Promise<RunView> {
  const headers = { 'idempotency-key': key };
  return await retried(() => http.request('POST', '/v1/runs', submission, headers));
}

/** Repeats an idempotent request that may succeed later. */
async function retried<T>(request: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await request();
    } catch (error) {
      if (!mayPass(error) || failures >= ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * 2 ** failures));
    }
  }
}

/** Whether the same request may succeed later. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.code === 'unreachable' || error.code === 'upload-offset' || (error.status ?? 0) >= 500;
}
