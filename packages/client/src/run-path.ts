/** The path of a run in the control API. @param id its id, the beginning of one, or `current` */
export function runPath(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}

/** A path with the parameters that are set. */
export function withQuery(path: string, query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}
