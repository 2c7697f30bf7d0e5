import { createHash } from 'node:crypto';
import { DrumlineError, type Millis, type Plan } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import { BUNDLE_CHUNK_BYTES, type BundleChunk, type Drain, type Prepare } from '@drumline/wire';

/**
 * Lost chunks are requested again. A peer that requests this many copies of the bundle is rejected.
 */
const MAX_COPIES = 20;

/** What the workers are to run, as messages. */
export class Offer {
  private readonly bytes: Buffer;
  private readonly chunksSent = new Map<string, number>();

  /** @throws DrumlineError `scenario-invalid` if the bundle does not match its hash */
  constructor(
    readonly runId: string,
    private readonly bundle: ScenarioBundle,
    readonly plan: Plan,
  ) {
    this.bytes = Buffer.from(bundle.code, 'utf8');
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
        ...(plan.environment === undefined ? {} : { environment: { ...plan.environment } }),
        ...(plan.parameters === undefined ? {} : { parameters: { ...plan.parameters } }),
        ...(plan.variablesHere === undefined ? {} : { variablesHere: [...plan.variablesHere] }),
        tags: { include: [...plan.tags.include], exclude: [...plan.tags.exclude] },
        stopTimeoutMs: plan.stopTimeoutMs,
      },
    };
  }

  /**
   * The part of the bundle from `offset` on; undefined for another bundle, or if the peer has
   * requested too much.
   */
  chunk(peer: string, bundleId: string, offset: number): BundleChunk | undefined {
    const chunksSent = (this.chunksSent.get(peer) ?? 0) + 1;
    const chunks = Math.ceil(this.bytes.byteLength / BUNDLE_CHUNK_BYTES);
    if (bundleId !== this.bundle.id || chunksSent > MAX_COPIES * chunks) return undefined;
    this.chunksSent.set(peer, chunksSent);
    return {
      type: 'bundleChunk',
      bundleId,
      offset,
      bytes: this.bytes.subarray(offset, offset + BUNDLE_CHUNK_BYTES),
    };
  }

  drain(stopTimeoutMs: Millis = this.plan.stopTimeoutMs): Drain {
    return { type: 'drain', runId: this.runId, stopTimeoutMs };
  }
}
