import type { CompareQuery, ComparisonView } from '@drumline/wire/views';
import type { HttpApi } from './http-api.js';
import { withQuery } from './run-path.js';

/** Long runs with many series take longer than other requests. */
const TIMEOUT_MS = 120_000;

export async function compareRuns(http: HttpApi, query: CompareQuery): Promise<ComparisonView> {
  const { baseline, run, margin, skip } = query;
  const path = withQuery('/v1/compare', { baseline, run, margin, skip });
  return await http.request('GET', path, undefined, {}, TIMEOUT_MS);
}
