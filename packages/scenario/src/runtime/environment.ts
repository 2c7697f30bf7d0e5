import { syncBuiltinESMExports } from 'node:module';

/**
 * Gives `process.env` of this process the variables of the run: before its bundle is loaded, as its
 * top level may read them.
 */
export function installEnvironment(environment: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, environment);
}

/**
 * Reports code that reads a variable which this process lacks. Where it lacks none of them,
 * `process.env` stays what it is.
 * @param names variables that have a value where the scenario was read
 * @param onRead called once for each of them that is read
 */
export function watchForUnset(names: readonly string[], onRead: (name: string) => void): void {
  const unset = new Set(names.filter((name) => !(name in process.env)));
  if (unset.size === 0) return;
  const look = (name: string | symbol): void => {
    if (typeof name === 'string' && unset.delete(name)) onRead(name);
  };
  process.env = new Proxy(process.env, {
    get(env, name) {
      look(name);
      return env[name as string];
    },
    has(env, name) {
      look(name);
      return name in env;
    },
    // Node takes nothing but a plain assignment.
    set(env, name, value: string) {
      unset.delete(name as string);
      env[name as string] = value;
      return true;
    },
  });
  syncBuiltinESMExports();
}
