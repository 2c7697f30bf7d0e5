import { DrumlineError } from '@drumline/model';

/** The web pages of other origins that may call the control API. */
export const allowOriginOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  group: 'Security:',
  describe:
    'Origin of web pages that may call the control API, such as https://platform.example; can be repeated. By default, pages of other origins are refused',
  defaultDescription: 'none',
  read: (value: unknown): string[] => readOrigins([value].flat().map(String)),
} as const;

/** @throws DrumlineError `usage` with every problem */
function readOrigins(texts: readonly string[]): string[] {
  const problems = texts.flatMap((text) => problemOf(text) ?? []);
  if (problems.length === 0) return [...texts];
  throw new DrumlineError(
    'usage',
    problems.map((problem) => `--api-allow-origin: ${problem}`).join('\n'),
    'Write each origin as the browser sends it: https://platform.example, with the port unless it is the default one.',
  );
}

function problemOf(text: string): string | undefined {
  if (text.includes('*')) return `'${text}' would let any page in: list the origins`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return `'${text}' is not an http or https origin`;
  return url.origin === text ? undefined : `'${text}' is not an origin, did you mean ${url.origin}?`;
}
