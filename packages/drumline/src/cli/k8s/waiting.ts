import { COMPONENT, isReady, type KubernetesEvent, type Pod } from './pods.js';

/** Reasons that say no more than that a pod is on its way. */
const ORDINARY = new Set(['ContainerCreating', 'PodInitializing', 'Completed']);
/** Events that say why a pod does not exist or does not start. */
const TELLING = new Set(['FailedCreate', 'FailedMount', 'FailedScheduling', 'FailedAttachVolume']);

/** Why pods of a component do not start. */
export interface Wait {
  readonly component: string;
  /** The kind of reason: `image`, `schedule`, or the reason that Kubernetes gives. */
  readonly kind: string;
  /** A clause, such as `2 workers: cannot be scheduled: …`. */
  readonly text: string;
}

interface Reason {
  readonly kind: string;
  readonly why: string;
}

/**
 * Why pods of a run do not start: an entry for each component and reason. Empty if all are ready or
 * on their way.
 * @param events warnings about the Jobs and pods of the run, the oldest first
 */
export function whyWaiting(pods: readonly Pod[], events: readonly KubernetesEvent[]): Wait[] {
  const found = new Map<string, { component: string; reason: Reason; count: number }>();
  const add = (component: string, reason: Reason): void => {
    const key = `${component} ${reason.kind}`;
    const count = (found.get(key)?.count ?? 0) + 1;
    found.set(key, { component, reason, count });
  };
  for (const pod of pods) {
    const reason = isReady(pod) ? undefined : (reasonOf(pod) ?? lastEvent(pod.metadata.uid, events));
    if (reason) add(pod.metadata.labels?.[COMPONENT] ?? 'pod', reason);
  }
  for (const component of ['master', 'worker']) {
    // Only while pods are missing.
    if (pods.some(({ metadata }) => metadata.labels?.[COMPONENT] === component)) continue;
    const created = events.findLast(
      ({ reason, involvedObject: { kind, name } }) =>
        reason === 'FailedCreate' && kind === 'Job' && name?.endsWith(`-${component}`),
    );
    const message = created?.message?.replace(/^Error creating: (pods "[^"]*" is )?/, '');
    if (created) add(component, { kind: 'FailedCreate', why: sentenceOf('cannot be created', message) });
  }
  return [...found.values()].map(({ component, reason: { kind, why }, count }) => ({
    component,
    kind,
    text: `${component === 'worker' && count > 1 ? `${count} workers` : `the ${component}`}: ${why}`,
  }));
}

function reasonOf({ status, metadata }: Pod): Reason | undefined {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  const unscheduled = status?.conditions?.find(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  );
  if (unscheduled) return { kind: 'schedule', why: sentenceOf('cannot be scheduled', unscheduled.message) };
  for (const { state } of status?.containerStatuses ?? []) {
    if (state?.terminated?.reason === 'OOMKilled')
      return { kind: 'OOMKilled', why: 'was killed because it exceeded its memory limit' };
    const { reason, message = '' } = state?.waiting ?? {};
    if (reason === undefined || ORDINARY.has(reason)) continue;
    if (!reason.includes('Image'))
      return { kind: reason, why: sentenceOf(`does not start (${reason})`, message) };
    // Back-off repeats the first message.
    const why = message.replace(/^Back-off pulling image "[^"]*"(: \w+: )?/, '');
    return { kind: 'image', why: sentenceOf('its image cannot be pulled', why) };
  }
  return undefined;
}

function lastEvent(uid: string | undefined, events: readonly KubernetesEvent[]): Reason | undefined {
  const last = events.findLast(
    ({ involvedObject, reason = '' }) =>
      uid !== undefined && involvedObject.uid === uid && TELLING.has(reason),
  );
  if (!last) return undefined;
  return { kind: last.reason ?? '', why: sentenceOf(`does not start (${last.reason})`, last.message) };
}

function sentenceOf(what: string, message: string | undefined): string {
  return message === undefined || message === ''
    ? what
    : `${what}: ${message.replaceAll(/\s+/g, ' ').trim()}`;
}
