/** A bundle names the file of each module on a line before it. */
const MODULE_LINE = /^\/\/ (.+)$/;

/** The code of a bundle line by line, empty where it is that of a package. */
export function ownLines(bundle: string): string[] {
  let isOwn = true;
  return bundle.split('\n').map((line) => {
    const module = MODULE_LINE.exec(line)?.[1];
    if (module !== undefined) isOwn = !module.includes('node_modules/');
    return isOwn && !line.startsWith('//# sourceMappingURL') ? line : '';
  });
}

/** Every word of a scenario's own code, in whatever place. */
export function ownWords(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.match(/[A-Za-z_]\w*/g) ?? []));
}

/**
 * Variables of an environment that the scenario's own code mentions, in whatever way: `env.NAME`,
 * `env['NAME']`, a list of names. Drumline's own are left out.
 */
export function mentionedVariables(
  words: ReadonlySet<string>,
  environment: Readonly<Record<string, unknown>>,
): string[] {
  if (!words.has('env')) return [];
  return Object.keys(environment).filter((name) => words.has(name) && !name.startsWith('DRUMLINE_'));
}
