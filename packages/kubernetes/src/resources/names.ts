import { builtin, text, type NodeMap, type Text } from '../tree/node.js';

/** What the names of resources end with. */
export type Suffix = 'master' | 'worker' | 'results' | 'scenario' | 'test';

export const nameOf = (suffix: Suffix): Text => text(builtin('fullName'), `-${suffix}`);

/** The beginning of all names, for a run with this name. */
export function fullNameOf(name: string): string {
  return name === 'drumline' || name.startsWith('drumline-') ? name : `drumline-${name}`;
}

/** Labels by which Services and policies select pods. */
export function selectorLabels(component: Suffix): NodeMap {
  return {
    'app.kubernetes.io/name': 'drumline',
    'app.kubernetes.io/instance': builtin('name'),
    'app.kubernetes.io/component': component,
  };
}

export function labels(component: Suffix): NodeMap {
  return {
    ...selectorLabels(component),
    'app.kubernetes.io/part-of': 'drumline',
    'app.kubernetes.io/version': builtin('version'),
    'app.kubernetes.io/managed-by': builtin('managedBy'),
    'helm.sh/chart': builtin('chart'),
  };
}

/** The metadata of a resource. */
export function metadata(name: Suffix, component: Suffix, more: NodeMap = {}): NodeMap {
  return { name: nameOf(name), namespace: builtin('namespace'), labels: labels(component), ...more };
}

export function podSelector(component: Suffix): NodeMap {
  return { podSelector: { matchLabels: selectorLabels(component) } };
}
