/** The line before each module of a bundle, which names its file. */
const MODULE_LINE = /^\/\/ (.+)$/;

/** The lines of a bundle. Lines of packages are replaced by empty ones. */
export function ownLines(bundle: string): string[] {
  let isOwn = true;
  return bundle.split('\n').map((line) => {
    const module = MODULE_LINE.exec(line)?.[1];
    if (module !== undefined) isOwn = !module.includes('node_modules/');
    return isOwn && !line.startsWith('//# sourceMappingURL') ? line : '';
  });
}

/** Every identifier in the scenario's own code. */
export function ownWords(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.match(/[A-Za-z_]\w*/g) ?? []));
}

/**
 * Environment variables that the scenario's code mentions in any form, such as `env.NAME`,
 * `env['NAME']` or in a list of names. Variables of Drumline itself are excluded.
 */
export function mentionedVariables(
  words: ReadonlySet<string>,
  environment: Readonly<Record<string, unknown>>,
): string[] {
  if (!words.has('env')) return [];
  return Object.keys(environment).filter((name) => words.has(name) && !name.startsWith('DRUMLINE_'));
}
