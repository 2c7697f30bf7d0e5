import { createHash } from 'node:crypto';
import type { BundleChunk, Prepare, WorkerLink } from '@drumline/wire';

/** A chunk that has not arrived after this time is requested again, milliseconds. */
const RETRY_MS = 2_000;

/** A bundle that is being fetched or is complete. */
interface Fetch {
  readonly id: string;
  readonly code: Promise<string>;
  /** Whether it has arrived and matches its hash. */
  readonly isComplete: boolean;
  take(chunk: BundleChunk): void;
  /** Stops fetching. */
  giveUp(): void;
}

/** Fetches bundles from the master in chunks and verifies their hashes. Keeps the last bundle. */
export class BundleFetcher {
  private current: Fetch | undefined;

  constructor(private readonly link: WorkerLink) {}

  /** @throws Error if the hash of the bundle is wrong */
  fetch(bundle: Prepare['bundle']): Promise<string> {
    if (this.current?.id !== bundle.id) {
      this.current?.giveUp();
      this.current = this.begin(bundle);
    }
    return this.current.code;
  }

  take(chunk: BundleChunk): void {
    if (chunk.bundleId === this.current?.id) this.current.take(chunk);
  }

  /** Stops fetching a bundle whose run was dropped. Keeps a bundle that is complete. */
  abandon(): void {
    if (this.current?.isComplete) return;
    this.current?.giveUp();
    this.current = undefined;
  }

  private begin({ id, size }: Prepare['bundle']): Fetch {
    const chunks: Uint8Array[] = [];
    let received = 0;
    const ask = (): void => void this.link.send({ type: 'bundleRequest', bundleId: id, offset: received });
    const retry = setInterval(ask, RETRY_MS);
    let settle: (code: string) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const code = new Promise<string>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    let isComplete = false;
    ask();
    return {
      id,
      code,
      get isComplete() {
        return isComplete;
      },
      giveUp: () => clearInterval(retry),
      take: (chunk) => {
        if (chunk.offset !== received || received >= size || chunk.bytes.byteLength === 0) return;
        chunks.push(chunk.bytes);
        received += chunk.bytes.byteLength;
        if (received < size) return ask();
        clearInterval(retry);
        const bytes = Buffer.concat(chunks);
        const hash = createHash('sha256').update(bytes).digest('hex');
        isComplete = hash === id;
        if (isComplete) settle(bytes.toString('utf8'));
        else fail(new Error(`the bundle is damaged: its SHA-256 is ${hash}, not ${id}`));
      },
    };
  }
}
