/** Types of options objects in scenarios. */
const OPTION_TYPES = [
  'ScenarioSpec',
  'UserSpec',
  'LaneGroupSpec',
  'TaskOptions',
  'GroupOptions',
  'LoadRamp',
  'MasterHooks',
  'WorkerHooks',
  'HttpSettings',
  'TlsOptions',
  'DnsSettings',
  'RequestOptions',
  'EventOptions',
  'MultipartFile',
  'ConnectOptions',
  'WaitOptions',
  'LoadSchemaOptions',
  'ReflectSettings',
  'ServiceOptions',
  'CallOptions',
  'StreamOptions',
  'BatchOptions',
  'RequestName',
  'CheckOptions',
  'MetricOptions',
  'CustomSample',
  'PacingOptions',
];

/** Errors about an unknown key, with or without a suggestion, or about no common key. */
const UNKNOWN_KEY = new RegExp(`error TS(?:2353|2561|2559): .* type '(?:${OPTION_TYPES.join('|')})\\b`);

/**
 * The errors about unknown options among the compiler's errors for a JavaScript file. Other errors
 * do not matter, because the file was not written for a compiler.
 * @param known errors that are already reported
 */
export function unknownOptionErrors(errors: string, known: string): string[] {
  return errors.split('\n').filter((line) => UNKNOWN_KEY.test(line) && !known.includes(line));
}
