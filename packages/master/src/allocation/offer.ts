import { createHash } from 'node:crypto';
import {
  artifactsOf,
  DrumlineError,
  type LocalArtifact,
  type Millis,
  type Plan,
  type Table,
} from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import { ArtifactFiles } from './artifact-files.js';
import { ARTIFACT_CHUNK_BYTES, type ArtifactChunk, type Drain, type Prepare } from '@drumline/wire';

/**
 * Lost chunks are requested again. A peer that requests this many copies of everything is rejected.
 */
const MAX_COPIES = 20;

/** What the workers are to run, as messages. */
export class Offer {
  private readonly bytes: Buffer;
  private readonly files: ArtifactFiles;
  /** Chunks of the bundle and of all files. */
  private readonly chunks: number;
  private readonly chunksSent = new Map<string, number>();

  /** @throws DrumlineError `scenario-invalid` if the bundle does not match its hash */
  constructor(
    readonly runId: string,
    private readonly bundle: ScenarioBundle,
    readonly plan: Plan,
  ) {
    this.bytes = Buffer.from(bundle.code, 'utf8');
    const artifacts = artifactsOf(plan.tables ?? []);
    this.files = new ArtifactFiles(artifacts);
    this.chunks = [this.bytes.byteLength, ...artifacts.map(({ size }) => size)].reduce(
      (sum, size) => sum + Math.ceil(size / ARTIFACT_CHUNK_BYTES),
      0,
    );
    const hash = createHash('sha256').update(this.bytes).digest('hex');
    if (hash === bundle.id) return;
    throw new DrumlineError(
      'scenario-invalid',
      `The scenario’s bundle is damaged: its SHA-256 is ${hash}, not ${bundle.id}.`,
      'Start a new run from the scenario.',
    );
  }

  prepare(): Prepare {
    const { runId, bundle, bytes, plan } = this;
    return {
      type: 'prepare',
      runId,
      bundle: { id: bundle.id, size: bytes.byteLength },
      plan: {
        name: plan.name,
        ...(plan.target === undefined ? {} : { target: plan.target }),
        userTypes: plan.userTypes.map(({ name, weight, fixedCount, laneGroup }) => ({
          name,
          weight,
          laneGroup,
          ...(fixedCount === undefined ? {} : { fixedCount }),
        })),
        laneGroups: plan.laneGroups.map(({ name, users, lanes }) => ({
          name,
          users,
          ...(lanes === undefined ? {} : { lanes }),
        })),
        maxSeries: plan.maxSeries,
        ...(plan.failureSamples === undefined ? {} : { failureSamples: plan.failureSamples }),
        ...(plan.environment === undefined ? {} : { environment: { ...plan.environment } }),
        ...(plan.parameters === undefined ? {} : { parameters: { ...plan.parameters } }),
        seed: plan.seed,
        ...(plan.tables === undefined ? {} : { tables: plan.tables.map(tableOf) }),
        ...(plan.variablesHere === undefined ? {} : { variablesHere: [...plan.variablesHere] }),
        tags: { include: [...plan.tags.include], exclude: [...plan.tags.exclude] },
        stopTimeoutMs: plan.stopTimeoutMs,
      },
    };
  }

  /**
   * The part of an artifact from `offset` on; undefined if it does not belong to the run, or if the
   * peer has requested too much. Files take time to read.
   */
  chunk(
    peer: string,
    artifactId: string,
    offset: number,
  ): ArtifactChunk | Promise<ArtifactChunk> | undefined {
    const isBundle = artifactId === this.bundle.id;
    const chunksSent = (this.chunksSent.get(peer) ?? 0) + 1;
    if (chunksSent > MAX_COPIES * this.chunks) return undefined;
    if (!isBundle && this.files.sizeOf(artifactId) === undefined) return undefined;
    this.chunksSent.set(peer, chunksSent);
    const head = { type: 'artifactChunk', artifactId, offset } as const;
    if (isBundle) return { ...head, bytes: this.bytes.subarray(offset, offset + ARTIFACT_CHUNK_BYTES) };
    return this.files
      .read(artifactId, offset, ARTIFACT_CHUNK_BYTES)
      .then((read) =>
        typeof read === 'string'
          ? { ...head, bytes: new Uint8Array(0), problem: read }
          : { ...head, bytes: read },
      );
  }

  drain(stopTimeoutMs: Millis = this.plan.stopTimeoutMs): Drain {
    return { type: 'drain', runId: this.runId, stopTimeoutMs };
  }
}

/** A table without the paths of this machine. */
function tableOf(table: Table<LocalArtifact>): NonNullable<Prepare['plan']['tables']>[number] {
  const { name, format, rows, columns, delimiter, seed, data, index, contents, use, whenEmpty } = table;
  return {
    name,
    format,
    rows,
    seed,
    data: artifactOf(data),
    index: artifactOf(index),
    ...(columns === undefined ? {} : { columns: [...columns] }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(contents === undefined ? {} : { contents: artifactOf(contents) }),
    ...(use && { use }),
    ...(whenEmpty && { whenEmpty }),
  };
}

function artifactOf({ id, size }: LocalArtifact): { id: string; size: number } {
  return { id, size };
}
