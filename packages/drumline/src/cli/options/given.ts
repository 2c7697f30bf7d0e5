import { withoutLogin } from '@drumline/model';
import type { OptionTable } from '../command.js';

/** Options that the report omits: confidential, or irrelevant to its readers. */
const LEFT_OUT = new Set([
  'secret',
  'secrets-file',
  'env',
  'label',
  'param',
  'params',
  'key-file',
  'json',
  'html',
  'csv',
  'samples',
  'junit',
  'summary-md',
  'termination-log',
  'upload',
  'out',
  'tap',
  'log-format',
  'quiet',
  'api',
  'grpc',
  'api-allow-origin',
  'data-dir',
  'resume',
]);

/** The options that differ from their defaults, as written in flags, environment or file. */
export function givenOptions(
  table: OptionTable,
  written: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, option] of Object.entries(table)) {
    const value = written[name];
    if (LEFT_OUT.has(name) || value === undefined || value === option.default) continue;
    given[name] = [value].flat().map(String).map(withoutLogin).join(', ');
  }
  return given;
}
