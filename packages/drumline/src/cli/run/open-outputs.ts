import type { MasterOptions } from '@drumline/master';

/**
 * Starts the outputs of `--out`, and reaches their services. Loads nothing without outputs.
 * @throws DrumlineError `usage` or `output-unwritable` with all problems
 */
export async function openOutputs(texts: readonly string[] | undefined): Promise<MasterOptions['outputs']> {
  if (texts === undefined || texts.length === 0) return undefined;
  const { OutputsClient } = await import('@drumline/outputs');
  const outputs = await OutputsClient.start(texts.map((text) => ({ text, where: '--out' })));
  for (const warning of outputs.warnings) console.error(`warning: ${warning}`);
  return outputs;
}
