import type { OptionTable } from '../command.js';

/** Of no interest to a reader of the report, or not for it. */
const LEFT_OUT = new Set([
  'secret',
  'secrets-file',
  'env',
  'label',
  'key-file',
  'json',
  'html',
  'csv',
  'quiet',
  'api',
  'data-dir',
  'resume',
]);

/**
 * The options that were given, by flags, environment or file, as they were written: those that
 * differ from the default.
 */
export function givenOptions(
  table: OptionTable,
  written: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, option] of Object.entries(table)) {
    const value = written[name];
    if (LEFT_OUT.has(name) || value === undefined || value === option.default) continue;
    given[name] = [value].flat().map(String).join(', ');
  }
  return given;
}
