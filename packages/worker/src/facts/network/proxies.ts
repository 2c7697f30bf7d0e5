const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/** Names of the variables for proxies that are set. Their values may contain passwords. */
export function proxyVariables(environment: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(environment)
    .filter((name) => VARIABLES.includes(name.toUpperCase()) && environment[name] !== '')
    .sort();
}
