// Resources as the fake cluster uses them.
import type { Resource } from '@drumline/kubernetes';

interface EnvEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

export interface JobSpec {
  suspend?: boolean;
  parallelism?: number;
  completions?: number;
  completionMode?: string;
  template: {
    metadata: { labels: Record<string, string> };
    spec: {
      containers: { args: string[]; env: EnvEntry[]; volumeMounts: { name: string; mountPath: string }[] }[];
      volumes: { name: string; secret?: { secretName: string; items: { key: string; path: string }[] } }[];
    };
  };
}

export type Job = Resource & {
  metadata: { uid: string; labels: Record<string, string> };
  spec: JobSpec;
  status: object;
};

/** The Job of the master that the workers of a Job belong to. */
export function masterOf({ metadata: { name } }: Job): string {
  return name.replace(/-worker$/, '-master');
}

/** Whether a label selector selects a resource. */
export function matches({ metadata }: Resource, selector = ''): boolean {
  const pairs = selector.split(',').filter((pair) => pair !== '');
  return pairs.every((pair) => metadata.labels[pair.split('=')[0]!] === pair.split('=')[1]);
}
