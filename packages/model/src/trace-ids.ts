/**
 * The id of a call's span within its trace, 16 hexadecimal digits. It is part of the trace's id,
 * which is random, so that lanes report one id only.
 */
export function spanIdOf(traceId: string): string {
  return traceId.slice(16);
}
