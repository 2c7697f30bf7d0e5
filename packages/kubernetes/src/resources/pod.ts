import {
  builtin,
  choose,
  merged,
  not,
  noted,
  passThrough,
  set,
  text,
  value,
  when,
  type Node,
  type NodeMap,
} from '../tree/node.js';
import { hasAuthority, inJobMode } from './conditions.js';
import { labels, type Suffix } from './names.js';

export const CREDENTIALS_PATH = '/etc/drumline/credentials';
const AUTHORITY_PATH = '/etc/drumline/ca';

/** What the pods of a component need besides what all have. */
export interface PodParts {
  readonly component: Suffix & ('master' | 'worker');
  /** The values of the component: `master` or `workers`. */
  readonly values: 'master' | 'workers';
  /** Files from the Secret: keys by file name. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly args: Node;
  readonly env: readonly Node[];
  readonly container?: NodeMap;
  readonly pod?: NodeMap;
  readonly mounts?: readonly Node[];
  readonly volumes?: readonly Node[];
}

export const image: Node = choose(
  set('image.digest'),
  text(value('image.repository'), '@', value('image.digest')),
  text(value('image.repository'), ':', value('image.tag', builtin('version'))),
);

/** As the restricted pod security standard demands. */
export const podSecurity: NodeMap = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};

export const containerSecurity: NodeMap = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** The template of a component's pods. */
export function podTemplate(parts: PodParts): NodeMap {
  const { component, values } = parts;
  const outOfMesh = not(set('mesh.enabled'));
  return {
    metadata: {
      labels: merged(
        labels(component),
        { 'sidecar.istio.io/inject': when(outOfMesh, 'false') },
        passThrough(`${values}.podLabels`),
      ),
      annotations: merged(
        {
          'cluster-autoscaler.kubernetes.io/safe-to-evict': noted(
            'Autoscalers that consolidate nodes must not disturb a run.',
            'false',
          ),
          'karpenter.sh/do-not-disrupt': 'true',
          'kubectl.kubernetes.io/default-container': component,
          'linkerd.io/inject': when(outOfMesh, 'disabled'),
        },
        passThrough(`${values}.podAnnotations`),
      ),
    },
    spec: {
      restartPolicy: choose(inJobMode, 'Never', 'Always'),
      ...parts.pod,
      terminationGracePeriodSeconds: noted(
        'Longer than --stop-timeout (30 s) and the delivery of the last counts.',
        value('gracePeriodSeconds'),
      ),
      automountServiceAccountToken: false,
      enableServiceLinks: noted(
        'Otherwise Services set variables like DRUMLINE_MASTER_PORT, which look like options of the program.',
        false,
      ),
      securityContext: podSecurity,
      priorityClassName: when(set(`${values}.priorityClassName`), value(`${values}.priorityClassName`)),
      imagePullSecrets: passThrough('image.pullSecrets'),
      nodeSelector: passThrough(`${values}.nodeSelector`),
      tolerations: passThrough(`${values}.tolerations`),
      affinity: passThrough(`${values}.affinity`),
      containers: [containerOf(parts)],
      volumes: [
        { name: 'tmp', emptyDir: {} },
        { name: 'credentials', secret: credentialsOf(parts.credentials) },
        ...(parts.volumes ?? []),
        when(hasAuthority, {
          name: 'ca',
          configMap: when(set('ca.configMap'), { name: value('ca.configMap') }),
          secret: when(set('ca.secret'), { secretName: value('ca.secret') }),
        }),
        passThrough(`${values}.extraVolumes`),
      ],
    },
  };
}

function containerOf(parts: PodParts): NodeMap {
  const { component, values } = parts;
  const size = {
    cpu: text(value(`${values}.cpu`)),
    memory: value(`${values}.memory`),
    'ephemeral-storage': value(`${values}.ephemeralStorage`),
  };
  return {
    name: component,
    image,
    imagePullPolicy: when(set('image.pullPolicy'), value('image.pullPolicy')),
    args: parts.args,
    env: [
      ...parts.env,
      when(hasAuthority, {
        name: 'NODE_EXTRA_CA_CERTS',
        value: text(`${AUTHORITY_PATH}/`, value('ca.key')),
      }),
      passThrough(`${values}.extraEnv`),
    ],
    ...parts.container,
    resources: noted('Requests equal limits, in whole CPUs, so that no other pod uses them.', {
      requests: size,
      limits: size,
    }),
    securityContext: containerSecurity,
    terminationMessagePolicy: noted('Errors before the run are only in the log.', 'FallbackToLogsOnError'),
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'credentials', mountPath: CREDENTIALS_PATH, readOnly: true },
      ...(parts.mounts ?? []),
      when(hasAuthority, { name: 'ca', mountPath: AUTHORITY_PATH, readOnly: true }),
      passThrough(`${values}.extraVolumeMounts`),
    ],
  };
}

/** The files of a Secret that a component may read, and no others. */
export function credentialsOf(files: Readonly<Record<string, string>>): NodeMap {
  return {
    secretName: value('secret'),
    // 0440: root and the group of the pod.
    defaultMode: 288,
    items: Object.entries(files).map(([path, key]) => ({ key, path })),
  };
}

/** An environment variable. */
export function variable(name: string, content: Node): NodeMap {
  return { name, value: content };
}

export function fieldVariable(name: string, fieldPath: string): NodeMap {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
