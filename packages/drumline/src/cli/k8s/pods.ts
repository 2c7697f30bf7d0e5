// What `kubectl get -o json` prints, as far as the commands read it.

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
}

export interface Pod {
  readonly metadata: Metadata;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly ready?: boolean; readonly state?: ContainerState }[];
  };
}

export interface Job {
  readonly metadata: Metadata;
  readonly spec?: { readonly template?: { readonly spec?: PodSpec } };
  readonly status?: {
    readonly ready?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface PodSpec {
  readonly volumes?: readonly { readonly name: string; readonly secret?: { readonly secretName?: string } }[];
  readonly containers?: readonly {
    readonly name: string;
    readonly env?: readonly { readonly name: string }[];
  }[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface KubernetesEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly uid?: string };
}

export interface ListOf<T> {
  readonly items: readonly T[];
}

export const INSTANCE = 'app.kubernetes.io/instance';
export const COMPONENT = 'app.kubernetes.io/component';
/** Label of the master's Job: the verdict of its run. */
export const VERDICT = 'drumline.dev/verdict';

/** Selects what belongs to Drumline, to one run, or to a component of it. */
export function selectorOf(name?: string, component?: 'master' | 'worker'): string {
  return [
    'app.kubernetes.io/name=drumline',
    ...(name === undefined ? [] : [`${INSTANCE}=${name}`]),
    ...(component === undefined ? [] : [`${COMPONENT}=${component}`]),
  ].join(',');
}

export function isReady({ status, metadata }: Pod): boolean {
  const { containerStatuses = [] } = status ?? {};
  return (
    metadata.deletionTimestamp === undefined &&
    status?.phase === 'Running' &&
    containerStatuses.length > 0 &&
    containerStatuses.every(({ ready }) => ready)
  );
}

/** How a Job has ended; undefined if it has not. */
export function endOf({ status }: Job): Condition | undefined {
  return status?.conditions?.find(
    ({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True',
  );
}
