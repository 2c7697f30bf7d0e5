/** The option for outputs, which write the seconds of a run while it runs. */
export const outOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  group: 'Output:',
  describe:
    'Write each second of the run to NAME[=URL][?option=value&...] while it runs, such as ndjson=FILE; may be repeated',
  read: (value: unknown): string[] => [value].flat().map(String),
} as const;
