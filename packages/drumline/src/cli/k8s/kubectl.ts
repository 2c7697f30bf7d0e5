import { spawn, type ChildProcess } from 'node:child_process';
import { DrumlineError } from '@drumline/model';

/** Where `kubectl` works; by default where it is configured to. */
export interface KubernetesPlace {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Calls the `kubectl` of the PATH. */
export class Kubectl {
  private readonly flags: readonly string[];

  constructor({ context, namespace }: KubernetesPlace) {
    this.flags = [
      ...(context ? ['--context', context] : []),
      ...(namespace ? ['--namespace', namespace] : []),
    ];
  }

  /**
   * @param input its standard input
   * @returns its standard output
   * @throws DrumlineError with its own words and a hint
   */
  async run(args: readonly string[], input = ''): Promise<string> {
    const child = this.start(args);
    const output = { out: '', error: '' };
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output.out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (output.error += text));
    // It may exit without reading.
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
    const code = await endOf(child);
    if (code === 0) return output.out;
    throw explained(args[0]!, output.error.trim());
  }

  /** Reads what it prints as JSON. */
  async read<T>(args: readonly string[], input?: string): Promise<T> {
    return JSON.parse(await this.run([...args, '--output', 'json'], input)) as T;
  }

  /** Starts it. It does not receive the Ctrl-C of the terminal, which this process handles. */
  start(args: readonly string[]): ChildProcess {
    return spawn('kubectl', [...this.flags, ...args], { detached: process.platform !== 'win32' });
  }

  /** Runs it with the output of this process. @returns its exit code */
  async show(args: readonly string[]): Promise<number> {
    return await endOf(
      spawn('kubectl', [...this.flags, ...args], { stdio: ['ignore', 'inherit', 'inherit'] }),
    );
  }
}

/** @returns its exit code; 1 if a signal has ended it */
async function endOf(child: ChildProcess): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(error)));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function notStarted(error: NodeJS.ErrnoException): DrumlineError {
  return error.code === 'ENOENT'
    ? new DrumlineError(
        'usage',
        'kubectl is not on the PATH',
        'Install it: https://kubernetes.io/docs/tasks/tools/. `drumline k8s render` needs no kubectl.',
        { cause: error },
      )
    : new DrumlineError('usage', `kubectl cannot be started: ${error.message}`, undefined, { cause: error });
}

const UNREACHABLE =
  /Unable to connect|was refused|no configuration has been provided|context "[^"]*" does not exist|context was not found|i\/o timeout|no such host|TLS handshake timeout|must be logged in|Unauthorized/;

/** The error of a call, by what it printed. */
function explained(command: string, printed: string): DrumlineError {
  const message = `kubectl ${command} failed: ${printed.replace(/^error: /i, '') || 'it printed nothing'}`;
  if (/forbidden/i.test(printed) && !/exceeded quota|violates PodSecurity/.test(printed))
    return new DrumlineError(
      'refused',
      message,
      'Ask for the rights that docs/kubernetes-run.md lists, or choose another namespace with --namespace.',
    );
  if (UNREACHABLE.test(printed))
    return new DrumlineError(
      'master-unreachable',
      message,
      'Check the cluster with `kubectl get pods`, or choose another one with --context.',
    );
  if (/secrets "[^"]*" not found/.test(printed))
    return new DrumlineError(
      'usage',
      message,
      'Create it from the output of `drumline token --env`, or leave out --set secret: the run then creates one.',
    );
  if (/namespaces? "[^"]*" not found/.test(printed))
    return new DrumlineError(
      'usage',
      message,
      'Create the namespace, or choose another one with --namespace.',
    );
  return new DrumlineError('request-invalid', message);
}
