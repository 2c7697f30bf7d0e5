import { parseArgs } from 'node:util';

/** Parsed command-line options. */
export interface BenchOptions {
  /** Selected groups of rows. */
  readonly groups: readonly string[];
  readonly runs: number;
  readonly seconds: number;
  /** Peers by name. Undefined selects all installed ones. */
  readonly peers: readonly string[] | undefined;
  readonly markdown: boolean;
  readonly profile: boolean;
  readonly installPeers: boolean;
}

/** Texts of the usage that differ between the benches. */
export interface BenchWords {
  /** As in `npm run bench:http`. */
  readonly command: string;
  readonly groups: readonly string[];
  readonly peers: readonly string[];
  /** What `--install-peers` does. */
  readonly installs: string;
}

export function usage({ command, groups, peers, installs }: BenchWords): string {
  return `npm run ${command} -- [ROWS] [OPTIONS]

ROWS: ${groups.join(' ')}; default all

  --quick             one run of 3 seconds each, for a trial
  --runs N            runs of each generator, in turn; default 3
  --seconds S         length of a window; default 6
  --peers A,B         only these: ${peers.join(', ')}
  --install-peers     ${installs}
  --markdown          print the table as in docs/performance.md
  --profile           print where Drumline's CPU time goes in these rows instead of the table`;
}

/** @throws Error describing the invalid option */
export function readOptions(args: readonly string[], groups: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      quick: { type: 'boolean' },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      peers: { type: 'string' },
      markdown: { type: 'boolean' },
      profile: { type: 'boolean' },
      'install-peers': { type: 'boolean' },
    },
  });
  if (values.help === true) return 'help';
  const quick = values.quick === true;
  return {
    groups: positionals.length === 0 ? groups : positionals.map((name) => groupOf(name, groups)),
    runs: positive('runs', values.runs, quick ? 1 : 3),
    seconds: positive('seconds', values.seconds, quick ? 3 : 6),
    peers: values.peers?.split(','),
    markdown: values.markdown ?? false,
    profile: values.profile ?? false,
    installPeers: values['install-peers'] ?? false,
  };
}

function groupOf(name: string, groups: readonly string[]): string {
  if (!groups.includes(name))
    throw new Error(`unknown group of rows '${name}'; groups: ${groups.join(', ')}`);
  return name;
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(Number.isInteger(value) && value > 0))
    throw new Error(`--${name} ${text}: must be a whole number above 0`);
  return value;
}
