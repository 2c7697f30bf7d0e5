import type { Artifact } from '@drumline/model';
import { findArtifact } from '@drumline/scenario/artifacts';
import type { ArtifactChunk, WorkerLink } from '@drumline/wire';
import { PartialFile } from './partial-file.js';
import { Transfer } from './transfer.js';

/** How often it is checked whether another worker of the machine has fetched a file. */
const LOOK_EVERY_MS = 200;

/** A bundle that is being fetched or is complete. */
interface BundleFetch {
  readonly id: string;
  readonly code: Promise<string>;
  isComplete: boolean;
}

/**
 * Fetches artifacts from the master in chunks and verifies their hashes. The last bundle stays in
 * memory. Data files go to the cache of the machine, once for all of its workers.
 */
export class ArtifactFetcher {
  private bundle: BundleFetch | undefined;
  private readonly transfers = new Map<string, Transfer>();
  /** Changes when the fetched files are no longer wanted. */
  private round = 0;

  constructor(private readonly link: WorkerLink) {}

  /** @returns the code of a bundle. @throws Error if its hash is wrong */
  fetchBundle(runId: string, bundle: Artifact): Promise<string> {
    if (this.bundle?.id !== bundle.id) {
      this.abandon();
      this.bundle = this.beginBundle(runId, bundle);
    }
    return this.bundle.code;
  }

  /**
   * Makes sure that a file is in the cache of the machine.
   * @param what its name in messages
   * @throws Error if it cannot be fetched or stored, or its hash is wrong
   */
  async fetchFile(runId: string, artifact: Artifact, what: string): Promise<void> {
    const { round } = this;
    while (findArtifact(artifact) === undefined) {
      if (round !== this.round) throw new Error(`${what} is no longer needed`);
      const file = await PartialFile.open(artifact);
      if (file === undefined) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        continue;
      }
      try {
        if (round !== this.round) throw new Error(`${what} is no longer needed`);
        const request = this.requester(runId, artifact);
        const write = (bytes: Uint8Array): void => file.append(bytes);
        await this.begin(new Transfer(request, artifact, what, write, file.size, file.hash)).done;
        file.complete();
      } finally {
        this.transfers.delete(artifact.id);
        file.close();
      }
    }
  }

  take(chunk: ArtifactChunk): void {
    this.transfers.get(chunk.artifactId)?.take(chunk);
  }

  /** Stops fetching for a run that was dropped. Keeps a bundle that is complete. */
  abandon(): void {
    this.round += 1;
    for (const transfer of this.transfers.values()) transfer.fail('it is no longer needed');
    this.transfers.clear();
    if (this.bundle?.isComplete !== true) this.bundle = undefined;
  }

  private beginBundle(runId: string, bundle: Artifact): BundleFetch {
    const chunks: Uint8Array[] = [];
    const transfer = new Transfer(this.requester(runId, bundle), bundle, 'the bundle', (bytes) =>
      chunks.push(bytes),
    );
    this.begin(transfer);
    const code = transfer.done.then(() => {
      this.transfers.delete(bundle.id);
      fetch.isComplete = true;
      return Buffer.concat(chunks).toString('utf8');
    });
    const fetch: BundleFetch = { id: bundle.id, code, isComplete: false };
    code.catch(() => {});
    return fetch;
  }

  private requester(runId: string, { id: artifactId }: Artifact): (offset: number) => void {
    return (offset) => this.link.send({ type: 'artifactRequest', runId, artifactId, offset });
  }

  private begin(transfer: Transfer): Transfer {
    this.transfers.set(transfer.artifact.id, transfer);
    return transfer;
  }
}
