import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MAP = /(\/\/# sourceMappingURL=data:application\/json;base64,)([\w+/=]+)\s*$/;

/**
 * The code of a bundle whose source map names the files on this machine, so that debuggers open
 * them and stacks show where they are.
 * @param directory directory of the scenario
 */
export function withSourceDirectory(code: string, directory: string): string {
  return code.replace(MAP, (_, comment: string, base64: string) => {
    const map = JSON.parse(Buffer.from(base64, 'base64').toString()) as { sources: string[] };
    const sources = map.sources.map((path) => pathToFileURL(join(directory, path)).href);
    return `${comment}${Buffer.from(JSON.stringify({ ...map, sources })).toString('base64')}\n`;
  });
}
