import { not, set, type Condition } from '../tree/node.js';

/** Keys of maps of the user that the resources set themselves. */
interface Reserved {
  readonly path: string;
  readonly keys: readonly string[];
  /** By default always. */
  readonly when?: Condition;
  /** What to do instead. */
  readonly hint: string;
}

const LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
];
const ANNOTATIONS = [
  'cluster-autoscaler.kubernetes.io/safe-to-evict',
  'karpenter.sh/do-not-disrupt',
  'kubectl.kubernetes.io/default-container',
];
const SET_ALREADY = 'Drumline sets it';
const OUT_OF_MESH = { when: not(set('mesh.enabled')), hint: 'set mesh.enabled instead' };

/** Otherwise a manifest would have a key twice, which each tool reads differently. */
export const RESERVED: readonly Reserved[] = [
  ...['master', 'workers'].flatMap((role) => [
    { path: `${role}.podLabels`, keys: LABELS, hint: SET_ALREADY },
    { path: `${role}.podLabels`, keys: ['sidecar.istio.io/inject'], ...OUT_OF_MESH },
    { path: `${role}.podAnnotations`, keys: ANNOTATIONS, hint: SET_ALREADY },
    { path: `${role}.podAnnotations`, keys: ['linkerd.io/inject'], ...OUT_OF_MESH },
  ]),
  { path: 'podMonitor.labels', keys: LABELS, hint: SET_ALREADY },
];

/** The problem with a key. In the chart, the key is %s. */
export function reservedProblem({ path, hint }: Reserved, key: string): string {
  return `${path}: ${key} is reserved: ${hint}`;
}
