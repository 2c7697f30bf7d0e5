/**
 * Hints for users of other load testers: which option of Drumline replaces theirs, and what to do
 * with their files. Options that Drumline also has are not listed.
 */

const LENGTH = 'the length of a run is -t (--run-time): -t 30s, -t 5m';
const USERS = 'the number of users is -u (--users): -u 50';
const TARGET = 'the target is -H (--target): -H http://127.0.0.1:8000';
const PACE = 'a rate is set in the scenario: `wait: throughput(5)` or `wait: pacing("1s")` of a user';
const COUNT = 'a run has a length, not a number of requests: -t 30s';
const REQUEST =
  'requests are written in the scenario; drumline new --from-curl generates one from a curl command';
const WORKER = 'workers are started with drumline worker --master tcp://HOST:5557';
const CERTIFICATES = 'certificates are set in the scenario: http: { tls: { rejectUnauthorized: false } }';
const RESULT = 'the result is written with --json FILE, --csv PREFIX and --html FILE';
const LANES = '--lanes sets the processes that generate load, --workers the workers on this machine';

/** Hints by long name or letter. A letter with several meanings has a hint for each. */
const OPTIONS: Readonly<Record<string, string>> = {
  // k6
  vus: USERS,
  duration: LENGTH,
  i: COUNT,
  s: 'stages are --stage DURATION:USERS: --stage 30s:50; a scenario is named without an option',
  rps: PACE,
  'max-vus': 'the most users of a rate are --max-users: --max-users 300',
  'summary-export': RESULT,
  'no-summary': '--quiet prints no summary',
  'insecure-skip-tls-verify': CERTIFICATES,
  paused: 'drumline master --no-autostart waits for drumline start',
  'http-debug': 'drumline try scenario.ts shows each request and response of one user',
  verbose: 'there are no log levels; console.log in a task, and DRUMLINE_DEBUG=1 for stacks of errors',
  v: 'the version is drumline --version; there are no log levels',
  'no-thresholds': 'failures, checks and exceptions decide the verdict; there is nothing to turn off',
  // Locust
  headless: 'there is no web page to turn off: omit it',
  host: TARGET,
  locustfile: 'the scenario is named without an option: drumline run scenario.ts',
  f: 'the scenario is named without an option: drumline run scenario.ts',
  master: 'the master is a command: drumline master scenario.ts',
  worker: `a worker is a command: ${WORKER}`,
  'master-host': WORKER,
  'master-port': WORKER,
  'master-bind-host': 'the address for workers is --bind: drumline master --bind tcp://0.0.0.0:5557',
  'master-bind-port': 'the address for workers is --bind: drumline master --bind tcp://0.0.0.0:5557',
  processes: LANES,
  'web-port': 'the control API listens at --api: --api 127.0.0.1:8089',
  'web-host': 'the control API listens at --api: --api 127.0.0.1:8089',
  autoquit: 'a run ends automatically: omit it',
  'only-summary': '--quiet prints no progress lines',
  'csv-full-history': 'the history is one of the files of --csv PREFIX',
  'reset-stats': 'drumline reset resets the statistics at any time',
  loglevel: 'there are no log levels; DRUMLINE_DEBUG=1 shows stacks of errors',
  logfile: 'redirect the output: drumline run scenario.ts > run.log',
  list: 'drumline check scenario.ts lists users and tasks',
  'show-task-ratio': 'drumline check scenario.ts lists users and tasks',
  'exit-code-on-error': 'failures end with exit code 1; drumline exit-codes lists all codes',
  // wrk, ab, hey, oha, autocannon, vegeta, siege
  connections: USERS,
  c: USERS,
  concurrency: USERS,
  concurrent: USERS,
  threads: LANES,
  requests: COUNT,
  n: COUNT,
  amount: COUNT,
  total: COUNT,
  z: LENGTH,
  d: `${LENGTH}; a body is part of the scenario: http.post(path, { json: {} })`,
  R: PACE,
  q: PACE,
  qps: PACE,
  latency: 'percentiles are always shown',
  k: 'connections are kept alive by default',
  method: REQUEST,
  m: REQUEST,
  body: REQUEST,
  p: REQUEST,
  header: REQUEST,
  script: 'the scenario is named without an option: drumline run scenario.ts',
  // ghz
  proto:
    'proto files are named in the scenario, grpc.load("accounts.proto"); drumline grpc call takes --proto',
  call: 'the method is called in the scenario; drumline grpc call TARGET METHOD calls it once',
  'skip-tls': CERTIFICATES,
  // Artillery, Gatling
  output: RESULT,
  o: RESULT,
  overrides: 'options override the scenario: -u, -r, -t, -H; values of your own are -e NAME=VALUE',
  environment: 'values of your own are -e NAME=VALUE',
  simulation: 'the scenario is named without an option: drumline run scenario.ts',
};

/** The hint for an option of another tool. */
export function hintForOption(name: string): string | undefined {
  const key = name.replace(/^-+/, '').replace(/^no-/, '');
  return own(OPTIONS, name.replace(/^-+/, '')) ?? own(OPTIONS, key) ?? own(OPTIONS, key.toLowerCase());
}

/** Options with a counterpart here that takes the same kind of value. */
const RENAMED: Readonly<Record<string, string>> = {
  '--vus': '-u',
  '--host': '-H',
  '--duration': '-t',
  '-z': '-t',
  '-c': '-u',
  '--connections': '-u',
  '--concurrency': '-u',
  '-n': '--iterations',
  '--requests': '--iterations',
  '-i': '--iterations',
  '-f': '',
  '--locustfile': '',
};
/** Options that request the default behavior of Drumline. */
const UNNEEDED = new Set(['--headless', '--autostart', '--latency']);

/**
 * Translates a command line of another tool: `-f x.ts --vus 10 --headless` becomes
 * `drumline run x.ts -u 10`.
 * @returns undefined if an option has no counterpart
 */
export function translateCommand(args: readonly string[]): string | undefined {
  const ours = args
    .filter((arg) => !UNNEEDED.has(arg))
    .map((arg) => {
      const [name = '', ...value] = arg.split('=');
      if (!Object.hasOwn(RENAMED, name)) return arg;
      return [RENAMED[name]!, ...(value.length > 0 ? [value.join('=')] : [])].join(' ').trim();
    })
    .filter((arg) => arg !== '');
  if (ours.some((arg) => arg.startsWith('-') && hintForOption(arg.split(/[= ]/)[0]!) !== undefined))
    return undefined;
  const files = ours.filter(looksLikeFile);
  const rest = ours.filter((arg) => arg !== 'run' && !files.includes(arg));
  return ['drumline run', ...files, ...rest].join(' ');
}

interface OtherFile {
  readonly pattern: RegExp;
  readonly what: string;
  readonly hint: string;
}

const PORTING =
  'node_modules/drumline/docs/coming-from shows each concept of Locust, k6, JMeter and Gatling beside the one here; `drumline new` writes a scenario to start with.';

/** Files that are not scenarios, by name. */
const FILES: readonly OtherFile[] = [
  { pattern: /\.py$/i, what: 'a Python file; scenarios are TypeScript or JavaScript', hint: PORTING },
  { pattern: /\.jmx$/i, what: 'a JMeter plan; scenarios are TypeScript or JavaScript', hint: PORTING },
  { pattern: /\.(scala|kt|java)$/i, what: 'a Gatling simulation; scenarios are TypeScript', hint: PORTING },
  { pattern: /\.lua$/i, what: 'a wrk script; scenarios are TypeScript or JavaScript', hint: PORTING },
  {
    pattern: /\.har$/i,
    what: 'a recording, not a scenario',
    hint: 'drumline new my-test --from-har FILE generates a scenario from it.',
  },
  {
    pattern: /\.(ya?ml|json)$/i,
    what: 'not a scenario; scenarios are TypeScript or JavaScript',
    hint: 'For an OpenAPI document: drumline new my-test --from-openapi FILE generates a scenario.',
  },
  {
    pattern: /\.proto$/i,
    what: 'a proto file, not a scenario',
    hint: 'drumline new creates a scenario; drumline grpc types FILE writes types for it.',
  },
  {
    pattern: /^https?:\/\//i,
    what: 'a URL, not a scenario',
    hint: "drumline new my-test --from-curl 'curl URL' generates a scenario from it; -H URL sets the target of an existing one.",
  },
];

/** Why a file cannot be a scenario, by its name. */
export function findOtherFile(path: string): { readonly what: string; readonly hint: string } | undefined {
  return FILES.find(({ pattern }) => pattern.test(path));
}

/** Why a script is not a scenario: its text shows that it belongs to another tool. */
export function findOtherScript(text: string): { readonly what: string; readonly hint: string } | undefined {
  if (/(?:from\s+|require\(\s*|import\s+)['"]k6(?:\/[^'"]*)?['"]/.test(text))
    return { what: 'a k6 script: it imports k6, which only k6 has', hint: PORTING };
  return undefined;
}

/** Whether an argument looks like the name of a scenario, or of a file of another tool. */
export function looksLikeFile(word: string): boolean {
  if (word.includes('://')) return false;
  return /\.(ts|mts|cts|js|mjs|cjs)$/i.test(word) || findOtherFile(word) !== undefined;
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
