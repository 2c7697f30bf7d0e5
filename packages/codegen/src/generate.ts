import type { Language } from './code/doc.js';
import type { ScenarioDraft } from './code/draft.js';
import type { SelectionOptions } from './har/selection.js';
import type { Journey, JourneyOptions } from './journey/journey.js';
import { requireParsable, type SourceText } from './source/source-text.js';

/** Largest source of curl commands, characters. Large bodies are in files. */
const LONGEST_COMMANDS = 2_000_000;

/** Options of all sources. */
export interface GenerateOptions extends JourneyOptions {
  /** Directory of the scenario, against which imports are resolved. */
  readonly folder: string;
  readonly language: Language;
  /** Whether the types of the code are checked, if TypeScript is installed. */
  readonly types: boolean;
}

/** Options of HAR files. */
export interface HarOptions extends GenerateOptions, SelectionOptions {}

/** A generated scenario, and notes on it. */
export interface GeneratedScenario {
  /** The code of the scenario file. */
  readonly scenario: string;
  /** Sentences on the source and on what was left out. */
  readonly about: readonly string[];
  /** Names of the secrets that it needs. */
  readonly secrets: readonly string[];
  /** Names of the environment variables that it needs. */
  readonly environment: readonly string[];
}

/**
 * Generates a scenario from a HAR file: a user who repeats the recorded visit.
 * @throws DrumlineError `usage` that lists all problems, if the text is not a usable HAR file
 */
export async function scenarioFromHar(source: SourceText, options: HarOptions): Promise<GeneratedScenario> {
  requireParsable(source);
  const { readHarJourney } = await import('./har/journey.js');
  return await fromJourney(readHarJourney(source.text, source.name, options), options);
}

/**
 * Generates a scenario from an OpenAPI 3 or Swagger 2 document, with a task for each operation.
 * @throws DrumlineError `usage` that lists all problems, if no operation can be used
 */
export async function scenarioFromOpenapi(
  source: SourceText,
  options: GenerateOptions,
): Promise<GeneratedScenario> {
  requireParsable(source);
  const { readApiDraft } = await import('./openapi/draft.js');
  return await compiled(readApiDraft(source.text, source.name, options), options);
}

/**
 * Generates a scenario from curl commands. Reads the files that the commands name.
 * @throws DrumlineError `usage` that lists all problems, if no command can be converted
 */
export async function scenarioFromCurl(
  source: SourceText,
  options: GenerateOptions,
): Promise<GeneratedScenario> {
  requireParsable(source, LONGEST_COMMANDS);
  const { readCurlJourney } = await import('./curl/journey.js');
  return await fromJourney(readCurlJourney(source.text, source.name, options.folder), options);
}

async function fromJourney(journey: Journey, options: GenerateOptions): Promise<GeneratedScenario> {
  const { draftOf } = await import('./journey/journey.js');
  return await compiled(draftOf(journey, options), options);
}

async function compiled(draft: ScenarioDraft, options: GenerateOptions): Promise<GeneratedScenario> {
  const { compileScenario } = await import('./compile.js');
  const wanted = { ...draft, target: options.target ?? draft.target };
  const { text, draft: made } = await compileScenario(wanted, options);
  return {
    scenario: text,
    about: [...made.about, ...made.hints],
    secrets: made.secrets.map(({ name }) => name),
    environment: made.environment.map(({ name }) => name),
  };
}
