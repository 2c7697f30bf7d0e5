import { expandGlobs } from './glob.js';
import type { CurlOptions } from './options.js';

/** A URL of a command, and the file that `--upload-file` sends to it. */
export interface RequestedUrl {
  readonly url: URL;
  readonly upload: string | undefined;
}

/** The URLs of a set of options, with patterns expanded. */
export function urlsOf(options: CurlOptions, problems: string[]): RequestedUrl[] {
  const { urls, uploads, globOff } = options;
  return urls.flatMap((text, index): RequestedUrl[] => {
    const { urls: expanded, leftOut } = globOff ? { urls: [text], leftOut: 0 } : expandGlobs(text);
    if (leftOut > 0) options.unsupported.push(`${leftOut} more URLs of ${text}`);
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

/** A URL whose port is a placeholder. URLs need numeric ports, so it becomes part of the host. */
const VARIABLE_PORT = /^(https?:\/\/[^/?#]+):([a-z]{3,}\d+x)(?=[/?#]|$)/i;

/** Precedes the placeholder of a port in a host name. */
export const PORT_LABEL = '.port-';

function readUrl(text: string, problems: string[]): URL | undefined {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const written = whole.replace(VARIABLE_PORT, `$1${PORT_LABEL}$2`);
  if (/^https?:\/\/[^/]/i.test(written) && URL.canParse(written)) return new URL(written);
  problems.push(`'${text}' is not an http or https URL`);
  return undefined;
}

/** Adds the file name to a URL that ends with a slash, as curl does. */
function withFileName(url: URL, upload: string): URL {
  if (!url.pathname.endsWith('/') || upload === '-' || upload === '.') return url;
  const named = new URL(url);
  named.pathname += encodeURIComponent(upload.split('/').at(-1)!);
  return named;
}
