import { expandGlobs } from './glob.js';
import type { CurlOptions } from './options.js';

/** A URL of a command, and the file that is sent to it with `--upload-file`. */
export interface AskedUrl {
  readonly url: URL;
  readonly upload: string | undefined;
}

/** The URLs that a set of options asks for, those of patterns one by one. */
export function urlsOf(options: CurlOptions, problems: string[]): AskedUrl[] {
  const { urls, uploads, globOff } = options;
  return urls.flatMap((text, index): AskedUrl[] => {
    const { urls: expanded, leftOut } = globOff ? { urls: [text], leftOut: 0 } : expandGlobs(text);
    if (leftOut > 0) options.ignored.push(`${leftOut} more URLs of ${text}`);
    const files = uploads[index] === undefined ? [undefined] : expandGlobs(uploads[index]).urls;
    return files.flatMap((upload) =>
      expanded.flatMap((one) => {
        const url = readUrl(one, problems);
        return url === undefined
          ? []
          : [{ url: upload === undefined ? url : withFileName(url, upload), upload }];
      }),
    );
  });
}

/** A port that is a variable: no URL can have that, so that its mark becomes part of the host. */
const OPEN_PORT = /^(https?:\/\/[^/?#]+):([a-z]{3,}\d+x)(?=[/?#]|$)/i;

/** What stands before the mark of a port in a host. */
export const PORT_LABEL = '.port-';

function readUrl(text: string, problems: string[]): URL | undefined {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const written = whole.replace(OPEN_PORT, `$1${PORT_LABEL}$2`);
  if (/^https?:\/\/[^/]/i.test(written) && URL.canParse(written)) return new URL(written);
  problems.push(`'${text}' is not an http or https URL`);
  return undefined;
}

/** curl adds the name of the file to a URL that ends with a slash. */
function withFileName(url: URL, upload: string): URL {
  if (!url.pathname.endsWith('/') || upload === '-' || upload === '.') return url;
  const named = new URL(url);
  named.pathname += encodeURIComponent(upload.split('/').at(-1)!);
  return named;
}
