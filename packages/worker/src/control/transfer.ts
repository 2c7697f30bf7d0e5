import { createHash, type Hash } from 'node:crypto';
import type { Artifact } from '@drumline/model';
import { ARTIFACT_CHUNK_BYTES, type ArtifactChunk } from '@drumline/wire';

/** Chunks that have not arrived after this time are requested again, milliseconds. */
const RETRY_MS = 2_000;
/** Chunks that are requested at a time: enough to hide the way to the master and back. */
const WINDOW = 8;

/** Receives an artifact from its first missing byte on, in chunks, and verifies its hash. */
export class Transfer {
  readonly done: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: Error) => void;
  private readonly retry: NodeJS.Timeout;
  /** Chunks that were requested and have not arrived, by offset. */
  private readonly asked = new Set<number>();
  /** Chunks that arrived before one in front of them. */
  private readonly early = new Map<number, Uint8Array>();
  private next: number;
  private hasProgress = false;

  /**
   * @param request sends a request for the chunk at this offset
   * @param received bytes that are here already
   * @param hash of those bytes
   * @param write stores the next bytes
   */
  constructor(
    private readonly request: (offset: number) => void,
    readonly artifact: Artifact,
    private readonly what: string,
    private readonly write: (bytes: Uint8Array) => void,
    private received = 0,
    private readonly hash: Hash = createHash('sha256'),
  ) {
    this.next = received;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.done.catch(() => {});
    this.retry = setInterval(() => this.repeat(), RETRY_MS);
    if (received >= artifact.size) this.finish();
    else this.ask();
  }

  take({ offset, bytes, problem }: ArtifactChunk): void {
    if (problem !== undefined) return this.fail(problem);
    if (bytes.byteLength === 0 || offset < this.received || this.received >= this.artifact.size) return;
    if (!this.asked.delete(offset)) return;
    this.early.set(offset, bytes);
    try {
      for (let chunk; (chunk = this.early.get(this.received)) !== undefined;) this.store(chunk);
    } catch (error) {
      return this.fail((error as Error).message);
    }
    if (this.received >= this.artifact.size) this.finish();
    else this.ask();
  }

  /** Stops the transfer. */
  fail(problem: string): void {
    clearInterval(this.retry);
    this.reject(new Error(problem));
  }

  private store(bytes: Uint8Array): void {
    this.early.delete(this.received);
    this.write(bytes);
    this.hash.update(bytes);
    this.received += bytes.byteLength;
    this.hasProgress = true;
    // A chunk may be shorter than requested.
    if (!this.asked.has(this.received) && !this.early.has(this.received)) this.next = this.received;
  }

  private ask(): void {
    while (this.asked.size < WINDOW && this.next < this.artifact.size) {
      this.asked.add(this.next);
      this.request(this.next);
      this.next += ARTIFACT_CHUNK_BYTES;
    }
  }

  private repeat(): void {
    if (!this.hasProgress) {
      this.asked.clear();
      this.early.clear();
      this.next = this.received;
      this.ask();
    }
    this.hasProgress = false;
  }

  private finish(): void {
    clearInterval(this.retry);
    const hash = this.hash.digest('hex');
    if (hash === this.artifact.id) this.resolve();
    else this.reject(new Error(`${this.what} is damaged: its SHA-256 is ${hash}, not ${this.artifact.id}`));
  }
}
