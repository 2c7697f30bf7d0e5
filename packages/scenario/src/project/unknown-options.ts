/** Types of options that scenarios write. */
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
  'CustomSample',
  'PacingOptions',
];

/**
 * A key that an object literal may not have, with or without a proposal; an object with no key in
 * common.
 */
const UNKNOWN_KEY = new RegExp(`error TS(?:2353|2561|2559): .* type '(?:${OPTION_TYPES.join('|')})\\b`);

/**
 * What a compiler says of unknown options in a JavaScript file that was not written for it; its
 * other errors are left out.
 * @param known what is reported already
 */
export function unknownOptionErrors(said: string, known: string): string[] {
  return said.split('\n').filter((line) => UNKNOWN_KEY.test(line) && !known.includes(line));
}
