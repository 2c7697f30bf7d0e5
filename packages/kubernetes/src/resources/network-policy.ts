import { noted, passThrough, set, value, when, type Node } from '../tree/node.js';
import { servesMetrics } from './conditions.js';
import { metadata, podSelector } from './names.js';

const dns: Node = noted('DNS, which some clusters serve on port 5353.', {
  ports: [53, 5353].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port }))),
});

/** Only workers reach the master. Use `kubectl port-forward` for the API. */
export const masterPolicy: Node = when(
  set('networkPolicy.enabled'),
  noted(
    'Only workers reach the master. `kubectl port-forward` works in spite of it. Network plug-ins that do not enforce policies ignore it silently.',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('master', 'master'),
      spec: {
        ...podSelector('master'),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          { from: [podSelector('worker')], ports: [{ port: 'control' }] },
          { from: [podSelector('test')], ports: [{ port: 'api' }] },
          when(set('networkPolicy.api'), {
            ports: [{ port: 'api' }],
            from: passThrough('networkPolicy.api'),
          }),
          when(servesMetrics, {
            from: [{ namespaceSelector: {} }],
            ports: [{ port: value('podMonitor.port') }],
          }),
        ],
        egress: [dns, passThrough('networkPolicy.egress')],
      },
    },
  ),
);

/** Nothing connects to workers. They connect to the master and to the target. */
export const workerPolicy: Node = when(
  set('networkPolicy.enabled'),
  noted('Nothing connects to workers. They connect to the master and to the target of the test.', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata('worker', 'worker'),
    spec: {
      ...podSelector('worker'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [
        dns,
        { to: [podSelector('master')], ports: [{ port: 'control' }] },
        passThrough('networkPolicy.egress'),
      ],
    },
  }),
);
