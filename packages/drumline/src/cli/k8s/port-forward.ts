import type { ChildProcess } from 'node:child_process';
import { DrumlineError, type Millis } from '@drumline/model';
import type { Kubectl } from './kubectl.js';

const AGAIN_AFTER_MS = 500;
const OPEN_WITHIN_MS = 15_000;
/** How long a connection is missing before this is reported. */
const AWAY_AFTER_MS = 5_000;

/** The pod that a connection leads to. */
interface ForwardedPod {
  /** Its name at present; undefined while there is none. */
  find(): Promise<string | undefined>;
  /** Called if the connection is missing for some seconds. */
  onAway?(): void;
  /** Called when it is there again, if it was away. */
  onBack?(awayMs: Millis): void;
}

/** A connection from a local port to the control API of a pod. It is opened again if it is cut. */
export class PortForward implements AsyncDisposable {
  private isClosed = false;
  private readonly following: Promise<void>;

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly pod: ForwardedPod,
    readonly port: number,
    private child: ChildProcess,
  ) {
    process.once('exit', this.end);
    this.following = this.follow();
  }

  /** @throws DrumlineError `master-unreachable` */
  static async open(kubectl: Kubectl, pod: ForwardedPod): Promise<PortForward> {
    const name = await pod.find();
    if (name === undefined)
      throw new DrumlineError('master-unreachable', 'The pod of the master does not run.');
    const child = kubectl.start(['port-forward', `pod/${name}`, `:${API_PORT}`]);
    return new PortForward(kubectl, pod, await openPort(child), child);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Opens the connection again whenever it ends, also to another pod. */
  private async follow(): Promise<void> {
    for (;;) {
      await ended(this.child);
      if (this.isClosed) return;
      const sinceMs = performance.now();
      let isAway = false;
      const late = setTimeout(() => {
        isAway = true;
        this.pod.onAway?.();
      }, AWAY_AFTER_MS);
      const isOpen = await this.reopen();
      clearTimeout(late);
      if (isOpen && isAway) this.pod.onBack?.(performance.now() - sinceMs);
    }
  }

  /** @returns false if it was closed meanwhile */
  private async reopen(): Promise<boolean> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      if (this.isClosed) return false;
      const name = await this.pod.find().catch(() => undefined);
      if (this.isClosed) return false;
      if (name === undefined) continue;
      const ports = `${this.port}:${API_PORT}`;
      this.child = watched(this.kubectl.start(['port-forward', `pod/${name}`, ports]));
      if (await opened(this.child)) return true;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.removeListener('exit', this.end);
    this.end();
    await this.following;
  }

  private readonly end = (): void => {
    this.isClosed = true;
    this.child.kill();
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

/** Whether it listens, before it ends. */
async function opened(child: ChildProcess): Promise<boolean> {
  return await new Promise((resolve) => {
    child.stdout!.once('data', () => resolve(true));
    void ended(child).then(() => resolve(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('close', resolve));
}
