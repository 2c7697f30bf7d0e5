import { SourceMap } from 'node:module';

/**
 * Finds the position in the scenario's files, such as `shop.ts:12:5`, of a position in the bundle.
 * Lines and columns of the bundle count from 0.
 */
export type PlaceFinder = (line: number, column: number) => string;

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/;

/** @param bundle with its source map at the end */
export function placesOf(bundle: string): PlaceFinder {
  const encoded = INLINE_MAP.exec(bundle)?.[1];
  const map =
    encoded === undefined
      ? undefined
      : new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()) as never);
  return (line, column) => {
    const entry = map?.findEntry(line, column);
    if (entry === undefined || !('originalSource' in entry)) return `line ${line + 1} of the bundle`;
    return `${entry.originalSource.replace(/^(?:\.\/)+/, '')}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  };
}
