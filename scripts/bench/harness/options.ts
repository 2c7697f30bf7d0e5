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

  --quick             one run of 3 seconds each: to see that it works
  --runs N            runs of each generator, in turn; default 3
  --seconds S         length of a window; default 6
  --peers A,B         only these: ${peers.join(', ')}
  --install-peers     ${installs}
  --markdown          print the table as docs/performance.md has it
  --profile           in place of the table: what Drumline's own CPU is spent on in these rows`;
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
  if (!groups.includes(name)) throw new Error(`there are no rows ${name}; there are ${groups.join(', ')}`);
  return name;
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(Number.isInteger(value) && value > 0))
    throw new Error(`--${name} ${text}: a whole number above 0 is needed`);
  return value;
}
