/** The values that contain outputs: anybody who sees the pod can read them. */
export const LISTS_OF_OUTPUTS = ['out', 'tap'] as const;

/** The problem with an output that contains a password. In the chart, its name is %s. */
export function passwordInOutput(list: (typeof LISTS_OF_OUTPUTS)[number], name: string): string {
  return `outputs.${list}: ${name} contains a password: write $(NAME) instead, and put NAME into the Secret of outputs.secret`;
}
