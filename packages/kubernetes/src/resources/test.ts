import { passThrough, set, text, value, when, type Node } from '../tree/node.js';
import { metadata, nameOf } from './names.js';
import { PORTS } from './master.js';
import { containerSecurity, CREDENTIALS_PATH, credentialsOf, image, podSecurity, variable } from './pod.js';

const SIZE = { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' };

/** The pod of `helm test`: it calls the control API through the Service, with the token. */
export const testPod: Node = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata('test', 'test', {
    annotations: {
      'helm.sh/hook': 'test',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
      'sidecar.istio.io/inject': 'false',
      'linkerd.io/inject': 'disabled',
    },
  }),
  spec: {
    restartPolicy: 'Never',
    activeDeadlineSeconds: 120,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    imagePullSecrets: passThrough('image.pullSecrets'),
    nodeSelector: passThrough('master.nodeSelector'),
    tolerations: passThrough('master.tolerations'),
    containers: [
      {
        name: 'test',
        image,
        imagePullPolicy: when(set('image.pullPolicy'), value('image.pullPolicy')),
        args: ['workers'],
        env: [
          variable('DRUMLINE_API', text('http://', ...nameOf('master').parts, `:${PORTS.api}`)),
          variable('DRUMLINE_API_TOKEN_FILE', `${CREDENTIALS_PATH}/api-token`),
        ],
        resources: { requests: SIZE, limits: SIZE },
        securityContext: containerSecurity,
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'credentials', mountPath: CREDENTIALS_PATH, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      { name: 'credentials', secret: credentialsOf({ 'api-token': 'DRUMLINE_API_TOKEN' }) },
    ],
  },
};
