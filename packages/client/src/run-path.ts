/** The path of a run in the control API. @param id its id, the beginning of one, or `current` */
export function runPath(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}
