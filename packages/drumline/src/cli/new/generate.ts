import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DrumlineError, formatBytes, messageOf } from '@drumline/model';
import { requireShallow, textOfBytes } from '@drumline/scenario/text-file';
import type { Language } from './code/doc.js';
import { compileScenario } from './compile.js';
import type { ScenarioDraft } from './draft.js';
import { draftOf } from './recording/journey.js';
import type { Sources } from './sources.js';

/** Largest source of curl commands, bytes. Large bodies are in files. */
const LONGEST_COMMANDS = 2_000_000;

export interface GenerateOptions {
  /** Folder of the scenario. */
  readonly folder: string;
  /** Replaces the target of the source. */
  readonly target?: string | undefined;
  readonly keepAssets: boolean;
  readonly keepHosts: readonly string[];
  readonly keepSecrets: boolean;
  readonly language: Language;
  /** Whether the types of the code are checked before it is written. */
  readonly types: boolean;
}

/** A generated scenario, and notes on it. */
export interface Generated {
  readonly scenario: string;
  /** Sentences on the source and on what was left out. */
  readonly about: readonly string[];
  /** Names of the secrets that it needs. */
  readonly secrets: readonly string[];
  /** Names of the environment variables that it needs. */
  readonly environment: readonly string[];
}

/**
 * Generates a scenario from a HAR file, an OpenAPI document or curl commands.
 * @throws DrumlineError `usage` that lists all problems, if the source cannot be read
 */
export async function generateScenario(sources: Sources, options: GenerateOptions): Promise<Generated> {
  const draft = await readDraft(sources, options);
  const wanted = { ...draft, target: options.target ?? draft.target };
  const { text, draft: compiled } = await compileScenario(wanted, options);
  return {
    scenario: text,
    about: [...compiled.about, ...compiled.hints],
    secrets: compiled.secrets.map(({ name }) => name),
    environment: compiled.environment.map(({ name }) => name),
  };
}

async function readDraft(
  { fromHar, fromOpenapi, fromCurl }: Sources,
  options: GenerateOptions,
): Promise<ScenarioDraft> {
  if ([fromHar, fromOpenapi, fromCurl].filter((source) => source !== undefined).length > 1) {
    throw new DrumlineError(
      'usage',
      'only one source is allowed',
      'Use one of --from-har, --from-openapi and --from-curl.',
    );
  }
  if (fromHar !== undefined) {
    const { readHarJourney } = await import('./har/journey.js');
    return draftOf(readHarJourney(readSource('from-har', fromHar), nameOf(fromHar), options), options);
  }
  if (fromCurl !== undefined) {
    const { readCurlJourney } = await import('./curl/journey.js');
    const isText = fromCurl !== '-' && !existsSync(fromCurl);
    const text = isText ? fromCurl : readSource('from-curl', fromCurl, LONGEST_COMMANDS);
    const name = isText ? '--from-curl' : nameOf(fromCurl);
    return draftOf(readCurlJourney(text, name, options.folder), options);
  }
  const path = fromOpenapi ?? '';
  const { readApiDraft } = await import('./openapi/draft.js');
  return readApiDraft(readSource('from-openapi', path), nameOf(path), options);
}

/** @param path `-` for standard input @param longest the largest size allowed, bytes */
function readSource(option: string, path: string, longest = Infinity): string {
  try {
    const bytes = readFileSync(path === '-' ? 0 : path);
    if (bytes.length > longest) throw new Error(`it is larger than ${formatBytes(longest)}`);
    const text = textOfBytes(bytes);
    requireShallow(text);
    return text;
  } catch (error) {
    throw new DrumlineError(
      'usage',
      `--${option}: ${path} cannot be read: ${messageOf(error)}`,
      'Check the path.',
    );
  }
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : basename(path);
}
