import { open, type FileHandle } from 'node:fs/promises';
import { messageOf, type LocalArtifact } from '@drumline/model';

/** Reads the data files of a run for its workers. */
export class ArtifactFiles {
  private readonly byId: ReadonlyMap<string, LocalArtifact>;
  private readonly opened = new Map<string, Promise<FileHandle>>();

  constructor(artifacts: readonly LocalArtifact[]) {
    this.byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  }

  /** The size of an artifact in bytes; undefined if it does not belong to the run. */
  sizeOf(id: string): number | undefined {
    return this.byId.get(id)?.size;
  }

  /**
   * A part of an artifact.
   * @returns the bytes, or why they cannot be read
   */
  async read(id: string, offset: number, length: number): Promise<Uint8Array | string> {
    const { path, size } = this.byId.get(id)!;
    try {
      const opening = this.opened.get(id) ?? open(path);
      this.opened.set(id, opening);
      const wanted = Math.max(0, Math.min(length, size - offset));
      const { bytesRead, buffer } = await (await opening).read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
      return bytesRead === wanted ? buffer : `${path} has become shorter since the run began`;
    } catch (error) {
      this.opened.delete(id);
      return `${path} cannot be read on the master: ${messageOf(error)}`;
    }
  }

  close(): void {
    for (const opening of this.opened.values()) void opening.then((file) => file.close()).catch(() => {});
    this.opened.clear();
  }
}
