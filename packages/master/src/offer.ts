import type { Millis, Plan } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import { BUNDLE_CHUNK_BYTES, type BundleChunk, type Drain, type Prepare } from '@drumline/wire';

/** What the workers are to run, as the messages that tell them. */
export class Offer {
  private readonly bytes: Buffer;

  constructor(
    readonly runId: string,
    private readonly bundle: ScenarioBundle,
    readonly plan: Plan,
  ) {
    this.bytes = Buffer.from(bundle.code, 'utf8');
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
        tags: { include: [...plan.tags.include], exclude: [...plan.tags.exclude] },
      },
    };
  }

  /** The part of the bundle from `offset` on; nothing if that is not the bundle. */
  chunk(bundleId: string, offset: number): BundleChunk | undefined {
    if (bundleId !== this.bundle.id) return undefined;
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
