const group = 'Kubernetes:';

/** Options of commands that call `kubectl`. */
export const kubectlOptions = {
  namespace: {
    type: 'string',
    alias: 'n',
    requiresArg: true,
    group,
    describe: 'Namespace of the run',
    defaultDescription: 'that of kubectl',
  },
  context: {
    type: 'string',
    requiresArg: true,
    flagOnly: true,
    group,
    describe: 'Context of kubectl: which cluster, and as whom',
    defaultDescription: 'the current one',
  },
} as const;

/** The run that a command is about. */
export const runNamePositional = {
  name: { type: 'string', describe: 'Name of the run; by default the only one in the namespace' },
} as const;
