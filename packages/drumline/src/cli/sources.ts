import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { GeneratedScenario, HarOptions, SourceText } from '@drumline/codegen';
import { DrumlineError, messageOf } from '@drumline/model';
import { textOfBytes } from '@drumline/scenario/text-file';

/** The source of a scenario. At most one of the fields is set. */
export interface Sources {
  readonly fromHar?: string | undefined;
  readonly fromOpenapi?: string | undefined;
  readonly fromCurl?: string | undefined;
}

/** Loads the code generator. Commands other than `new` must start without it. */
export async function loadCodegen() {
  // oxlint-disable-next-line no-restricted-imports -- The one place that loads it, on demand.
  return await import('@drumline/codegen');
}

/**
 * Generates a scenario from the source, if there is one.
 * @throws DrumlineError `usage` if there are several sources, or if the source cannot be used
 */
export async function generateFrom(
  { fromHar, fromOpenapi, fromCurl }: Sources,
  options: HarOptions,
): Promise<GeneratedScenario | undefined> {
  const count = [fromHar, fromOpenapi, fromCurl].filter((source) => source !== undefined).length;
  if (count === 0) return undefined;
  if (count > 1) {
    throw new DrumlineError(
      'usage',
      'only one source is allowed',
      'Use one of --from-har, --from-openapi and --from-curl.',
    );
  }
  const { scenarioFromCurl, scenarioFromHar, scenarioFromOpenapi } = await loadCodegen();
  if (fromHar !== undefined) return await scenarioFromHar(readSource('from-har', fromHar), options);
  if (fromOpenapi !== undefined)
    return await scenarioFromOpenapi(readSource('from-openapi', fromOpenapi), options);
  return await scenarioFromCurl(readCommands(fromCurl ?? ''), options);
}

/** Commands in a file, or the commands themselves. */
function readCommands(fromCurl: string): SourceText {
  if (fromCurl !== '-' && !existsSync(fromCurl)) return { text: fromCurl, name: '--from-curl' };
  return readSource('from-curl', fromCurl);
}

/** @param path `-` for standard input */
function readSource(option: string, path: string): SourceText {
  try {
    const text = textOfBytes(readFileSync(path === '-' ? 0 : path));
    return { text, name: path === '-' ? 'standard input' : basename(path) };
  } catch (error) {
    throw new DrumlineError(
      'usage',
      `--${option}: ${path} cannot be read: ${messageOf(error)}`,
      'Check the path.',
    );
  }
}
