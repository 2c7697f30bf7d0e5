/** Where the scenario's own metrics go. A lane installs it before it loads the bundle. */
export interface MetricSink {
  counter(name: string, value: number): void;
  gauge(name: string, value: number): void;
  rate(name: string, hit: boolean): void;
  trend(name: string, value: number): void;
}

let installed: MetricSink | undefined;

export function installRuntime(sink: MetricSink): void {
  installed = sink;
}

/** @throws Error where scenario code runs outside a lane, such as in a hook on the master */
export function requireRuntime(): MetricSink {
  if (installed) return installed;
  throw new Error(
    'Metrics can be used in tasks, setup and hooks on workers, not while the scenario is being read.',
  );
}
