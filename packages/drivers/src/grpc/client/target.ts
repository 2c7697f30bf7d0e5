const WITH_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const EXAMPLE = "write, for example, 'bank.example:443' or 'http://127.0.0.1:50051'";

/**
 * Scheme, host and port of a service's target.
 * @param secure whether TLS is used if the target has no scheme
 * @throws TypeError that shows a valid target
 */
export function originOf(target: string, secure: boolean): string {
  const hasScheme = WITH_SCHEME.test(target);
  let url: URL;
  try {
    url = new URL(hasScheme ? target : `${secure ? 'https' : 'http'}://${target}`);
  } catch (cause) {
    throw new TypeError(`'${target}' is not a valid target: ${EXAMPLE}`, { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`'${target}' is not a valid target: its scheme must be http: or https:; ${EXAMPLE}`);
  }
  if (!hasScheme && !/:\d+$/.test(target)) {
    throw new TypeError(`'${target}' is not a valid target: add the port; ${EXAMPLE}`);
  }
  if (url.pathname + url.search + url.hash !== '/' || url.username !== '') {
    throw new TypeError(`'${target}' is not a valid target: it must have only a host and a port; ${EXAMPLE}`);
  }
  if (url.port === '0')
    throw new TypeError(`'${target}' is not a valid target: its port must be from 1 to 65535`);
  return url.origin;
}
