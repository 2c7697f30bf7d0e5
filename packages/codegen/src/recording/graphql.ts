import { isFields } from '../code/code.js';
import type { BodyDraft } from '../code/draft.js';

/** The operation name of a GraphQL body; undefined for any other body. */
export function graphqlOperation(body: BodyDraft | undefined): string | undefined {
  const value = body?.option === 'json' ? body.value : undefined;
  if (value === undefined || !isFields(value) || typeof value['query'] !== 'string') return undefined;
  const { operationName, query } = value;
  if (typeof operationName === 'string' && operationName !== '') return operationName;
  return /^\s*(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1];
}
