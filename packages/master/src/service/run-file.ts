import { RequestError } from '@drumline/model';
import { openClosedFile, type ClosedFile } from '../store/closed-file.js';

/**
 * Opens the run file of a run that has ended.
 * @param path undefined if the run has none
 * @throws RequestError `run-file-missing`
 */
export async function openRunFile(runId: string, path: string | undefined): Promise<ClosedFile> {
  const file = path === undefined ? undefined : await openClosedFile(path);
  if (file) return file;
  throw hasNoRunFile(runId, 'It never began, or its file could not be written.');
}

export function hasNoRunFile(runId: string, why: string): RequestError {
  return new RequestError('run-file-missing', `run ${runId} has no run file`, why);
}
