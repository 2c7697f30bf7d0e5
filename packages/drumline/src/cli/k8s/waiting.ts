import { COMPONENT, isReady, type KubernetesEvent, type Pod } from './pods.js';

/** Reasons that say no more than that a pod is on its way. */
const ORDINARY = new Set(['ContainerCreating', 'PodInitializing', 'Completed', undefined]);
/** Events that say why a pod does not exist or does not start. */
const TELLING = new Set(['FailedCreate', 'FailedMount', 'FailedScheduling', 'FailedAttachVolume']);

/**
 * Why pods of a run do not start, as sentences: one for each reason. Empty if all are ready or on
 * their way.
 * @param events warnings about the Jobs and pods of the run, the oldest first
 */
export function whyWaiting(pods: readonly Pod[], events: readonly KubernetesEvent[]): string[] {
  const reasons = new Map<string, Set<string>>();
  const add = (what: string, who: string): void => {
    const known = reasons.get(what) ?? new Set();
    reasons.set(what, known.add(who));
  };
  for (const pod of pods) {
    const why = whyOf(pod) ?? lastEvent(pod.metadata.uid, events);
    if (why !== undefined && !isReady(pod))
      add(`${pod.metadata.labels?.[COMPONENT] ?? 'pod'}\n${why}`, pod.metadata.name);
  }
  for (const { reason, message = '', involvedObject } of events)
    if (reason === 'FailedCreate' && involvedObject.kind === 'Job') {
      const component = involvedObject.name?.endsWith('-master') ? 'master' : 'worker';
      // Only while pods are missing.
      if (!pods.some(({ metadata }) => metadata.labels?.[COMPONENT] === component))
        add(`${component}\n${sentenceOf('cannot be created', message.replace(/^Error creating: /, ''))}`, '');
    }
  return [...reasons].map(([text, { size }]) => {
    const [component, why] = text.split('\n');
    return `${component === 'worker' && size > 1 ? `${size} workers` : `the ${component}`}: ${why}`;
  });
}

function whyOf({ status, metadata }: Pod): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  const unscheduled = status?.conditions?.find(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  );
  if (unscheduled) return sentenceOf('cannot be scheduled', unscheduled.message);
  for (const { state } of status?.containerStatuses ?? []) {
    const { waiting } = state ?? {};
    if (!waiting || ORDINARY.has(waiting.reason)) continue;
    const { reason = '', message } = waiting;
    return sentenceOf(
      /Image/.test(reason) ? `the image cannot be pulled (${reason})` : `does not start (${reason})`,
      message,
    );
  }
  return undefined;
}

function lastEvent(uid: string | undefined, events: readonly KubernetesEvent[]): string | undefined {
  const last = events.findLast(
    ({ involvedObject, reason = '' }) =>
      uid !== undefined && involvedObject.uid === uid && TELLING.has(reason),
  );
  return last && sentenceOf(`does not start (${last.reason})`, last.message);
}

function sentenceOf(what: string, message: string | undefined): string {
  return message === undefined || message === ''
    ? what
    : `${what}: ${message.replaceAll(/\s+/g, ' ').trim()}`;
}
