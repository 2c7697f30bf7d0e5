import type { ChildProcess } from 'node:child_process';
import { DrumlineError } from '@drumline/model';
import type { Kubectl } from './kubectl.js';

const AGAIN_AFTER_MS = 500;
const OPEN_WITHIN_MS = 15_000;

/** A connection from a local port to the control API of a pod. It is opened again if it is cut. */
export class PortForward implements AsyncDisposable {
  private child: ChildProcess | undefined;
  private isClosed = false;
  private following: Promise<void> = Promise.resolve();

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly findPod: () => Promise<string | undefined>,
    readonly port: number,
  ) {
    process.once('exit', this.end);
  }

  /**
   * @param findPod the pod at present; undefined while there is none
   * @throws DrumlineError `master-unreachable`
   */
  static async open(kubectl: Kubectl, findPod: () => Promise<string | undefined>): Promise<PortForward> {
    const pod = await findPod();
    if (pod === undefined)
      throw new DrumlineError('master-unreachable', 'The pod of the master does not run.');
    const child = kubectl.start(['port-forward', `pod/${pod}`, `:${API_PORT}`]);
    const port = await openPort(child);
    const forward = new PortForward(kubectl, findPod, port);
    forward.following = forward.follow(child);
    return forward;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Opens the connection again whenever it ends, also to another pod. */
  private async follow(first: ChildProcess): Promise<void> {
    this.child = first;
    for (;;) {
      await ended(this.child);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      if (this.isClosed) return;
      const pod = await this.findPod().catch(() => undefined);
      if (this.isClosed) return;
      if (pod !== undefined)
        this.child = watched(this.kubectl.start(['port-forward', `pod/${pod}`, `${this.port}:${API_PORT}`]));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.removeListener('exit', this.end);
    this.end();
    await this.following;
  }

  private readonly end = (): void => {
    this.isClosed = true;
    this.child?.kill();
  };
}

const API_PORT = 8089;

/** A forward whose pod is gone may stay and refuse every connection. It is ended instead. */
function watched(child: ChildProcess): ChildProcess {
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (/lost connection|error forwarding port|unable to do port forwarding/i.test(text)) child.kill();
  });
  child.stdout!.resume();
  // Its end is what counts.
  child.on('error', () => {});
  return child;
}

async function openPort(child: ChildProcess): Promise<number> {
  watched(child);
  let printed = '';
  child.stderr!.on('data', (text: string) => (printed += text));
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(late);
      child.kill();
      reject(
        new DrumlineError(
          'master-unreachable',
          `kubectl port-forward failed: ${why}`,
          'It needs the right to create pods/portforward.',
        ),
      );
    };
    const late = setTimeout(() => fail('it opened no port in time'), OPEN_WITHIN_MS);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const port = /127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(late);
      resolve(Number(port));
    });
    child.once('close', () => fail(printed.trim() || 'it ended'));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('close', resolve));
}
