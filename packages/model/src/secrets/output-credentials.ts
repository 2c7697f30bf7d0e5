/**
 * A password in the URL of an output, or an option with a secret. `$(NAME)` is not a secret: in
 * Kubernetes, a variable of the container. Go's regular expressions have the same syntax, for the
 * Helm chart.
 */
export const OUTPUT_CREDENTIALS = new RegExp(
  String.raw`://[^/?#@]*:([^$/?#@]|[$][^(])[^/?#@]*@` +
    String.raw`|[?&](token|password|header-[^=&]*([Aa]uth|[Kk]ey|[Tt]oken)[^=&]*)=([^$&]|[$][^(])`,
);

/** Whether the text of an output, `NAME[=URL][?option=value&...]`, contains a secret. */
export function hasCredentials(output: string): boolean {
  return OUTPUT_CREDENTIALS.test(output);
}
