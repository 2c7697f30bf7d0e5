import { syncBuiltinESMExports } from 'node:module';

/**
 * Adds the variables of the run to `process.env`. Call it before the bundle is loaded, because its
 * top-level code may read them.
 */
export function installEnvironment(environment: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, environment);
}

/**
 * Reports code that reads a variable which is not set in this process. If all are set,
 * `process.env` is not changed.
 * @param names variables that are set on the machine that started the run
 * @param onRead called once for each missing variable that is read
 */
export function watchForUnset(names: readonly string[], onRead: (name: string) => void): void {
  const unset = new Set(names.filter((name) => !(name in process.env)));
  if (unset.size === 0) return;
  const report = (name: string | symbol): void => {
    if (typeof name === 'string' && unset.delete(name)) onRead(name);
  };
  process.env = new Proxy(process.env, {
    get(env, name) {
      report(name);
      return env[name as string];
    },
    has(env, name) {
      report(name);
      return name in env;
    },
    // Node accepts only a plain assignment.
    set(env, name, value: string) {
      unset.delete(name as string);
      env[name as string] = value;
      return true;
    },
  });
  syncBuiltinESMExports();
}
