import { DrumlineError } from '@drumline/model';
import { optionError } from '../options/values.js';
import type { MasterOptions, NamedOutputs, OpenOutputs, RunOutputs, ServiceOptions } from '@drumline/master';

/** Outputs as they were written on the command line. */
interface GivenOutputs {
  readonly out: readonly string[] | undefined;
  readonly tap: readonly string[] | undefined;
  readonly metricNames: string | undefined;
}

type Written = readonly { readonly text: string; readonly where: string }[];

/**
 * Opens the outputs of `--out` and `--tap`, and reaches their services. Loads nothing without any.
 * @throws DrumlineError `usage` or `output-unwritable` with all problems
 */
export async function openOutputs(
  given: GivenOutputs,
): Promise<Pick<MasterOptions, 'outputs' | 'openOutputs'>> {
  const openOfScenario: OpenOutputs = async ({ ofScenario, isResumed }) =>
    await open(writtenInScenario(ofScenario), isResumed);
  return { outputs: await open(written(given)), openOutputs: openOfScenario };
}

/**
 * The outputs of the runs of a service. Its own are tried first.
 * @param allowed whether runs may name outputs, too
 */
export async function outputsOfRuns(
  given: GivenOutputs,
  allowed: boolean,
): Promise<Pick<ServiceOptions, 'checkOutputs' | 'openOutputs'>> {
  const own = written(given);
  const tried = await open(own);
  await tried?.end({}, 0);
  return {
    checkOutputs: async (named) => {
      const { OutputsClient } = await import('@drumline/outputs');
      await OutputsClient.check(writtenInRun(named));
    },
    openOutputs: async ({ isResumed, ...named }) => {
      const ofRun = writtenInRun(named);
      if (ofRun.length > 0 && !allowed)
        throw new DrumlineError('usage', 'the master does not accept outputs of runs');
      return await open([...own, ...ofRun], isResumed);
    },
  };
}

/**
 * The outputs of a run that is submitted. The master opens them.
 * @returns undefined without any
 * @throws DrumlineError `usage` with all that are not of the form of an output
 */
export async function submittedOutputs(given: GivenOutputs): Promise<string[] | undefined> {
  const all = written(given);
  if (all.length === 0) return undefined;
  const { readOutputs } = await import('@drumline/outputs');
  readOutputs(all);
  return all.map(({ text }) => text);
}

function written({ out = [], tap = [], metricNames }: GivenOutputs): Written {
  return [
    ...withNames(out, metricNames).map((text) => ({ text, where: '--out' })),
    ...tap.map((text) => ({ text, where: '--tap' })),
  ];
}

/** @param names for those outputs for Prometheus that do not name theirs */
function withNames(out: readonly string[], names: string | undefined): readonly string[] {
  if (names === undefined) return out;
  const isNamed = (text: string): boolean => /^prometheus(-remote-write)?(=|\?|$)/.test(text);
  if (!out.some(isNamed))
    throw optionError(
      'metric-names',
      'no output has names of metrics',
      'Add --out prometheus or --out prometheus-remote-write=URL.',
    );
  return out.map((text) =>
    !isNamed(text) || /[?&]metric-names=/.test(text)
      ? text
      : `${text}${text.includes('?') ? '&' : '?'}metric-names=${names}`,
  );
}

function writtenInRun({ ofScenario, ofSubmission = [] }: NamedOutputs): Written {
  const submitted = ofSubmission.map((text) => ({
    text,
    where: text.startsWith('tap-') ? '--tap' : '--out',
  }));
  return [...writtenInScenario(ofScenario), ...submitted];
}

function writtenInScenario(texts: readonly string[]): Written {
  return texts.map((text) => ({ text, where: 'outputs of the scenario:' }));
}

/** @param goesOn whether services that do not answer are tried again later */
async function open(outputs: Written, goesOn = false): Promise<RunOutputs | undefined> {
  if (outputs.length === 0) return undefined;
  const { OutputsClient } = await import('@drumline/outputs');
  const opened = await OutputsClient.start(outputs, goesOn);
  for (const warning of opened.warnings) console.error(`warning: ${warning}`);
  return opened;
}
