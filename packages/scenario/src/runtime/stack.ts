/** Files of Node, of packages and of Drumline itself, installed or in its repository. */
const FOREIGN_FRAME =
  /node:|node_modules|\/@drumline\/|\/packages\/(?:model|stats|drivers|wire|scenario|worker)\/(?:src|dist)\//;

/** A stack with only the frames of the scenario, and paths relative to it. */
export function tidyStack(stack: string): string {
  const lines = stack.split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const own = frames.filter((line) => !FOREIGN_FRAME.test(line));
  const message = lines.filter((line) => !/^\s+at /.test(line) && line.trim() !== '');
  return [...message, ...(own.length > 0 ? own : frames.slice(0, 3)).map(relativeFrame)].join('\n');
}

/** Whether a stack has a frame of the scenario. */
export function showsUserCode(stack: string): boolean {
  return stack.split('\n').some((line) => /^\s+at /.test(line) && !FOREIGN_FRAME.test(line));
}

/** Removes the temporary directory of the bundle, which source maps put before each path. */
function relativeFrame(frame: string): string {
  return frame.replace(/(?:file:\/\/)?[^\s()]*\/drumline-[A-Za-z0-9]{6}\//, '');
}
