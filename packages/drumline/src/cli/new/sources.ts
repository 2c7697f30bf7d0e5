/** Where a scenario comes from: exactly one of these is given. */
export interface Sources {
  readonly fromHar?: string | undefined;
  readonly fromOpenapi?: string | undefined;
  readonly fromCurl?: string | undefined;
}

/** Whether any source is given. */
export function hasSource({ fromHar, fromOpenapi, fromCurl }: Sources): boolean {
  return (fromHar ?? fromOpenapi ?? fromCurl) !== undefined;
}
