/** The source of a scenario. Exactly one of the fields is set. */
export interface Sources {
  readonly fromHar?: string | undefined;
  readonly fromOpenapi?: string | undefined;
  readonly fromCurl?: string | undefined;
}

export function hasSource({ fromHar, fromOpenapi, fromCurl }: Sources): boolean {
  return (fromHar ?? fromOpenapi ?? fromCurl) !== undefined;
}
