import { readFileSync } from 'node:fs';
import { DrumlineError, messageOf } from '@drumline/model';

const VARIABLE = 'DRUMLINE_API_TOKEN';

/**
 * The token that the control API asks for off loopback: from the file, else from DRUMLINE_API_TOKEN.
 * @returns undefined if there is none, which a master on loopback does not mind
 * @throws DrumlineError `usage` if the file cannot be read, or what should be a token is none
 */
export function readApiToken(file: string | undefined): string | undefined {
  const token = (file === undefined ? process.env[VARIABLE] : readText(file))?.trim();
  if (file === undefined && (token === undefined || token === '')) return undefined;
  // As RFC 6750, section 2.1, writes tokens.
  if (token !== undefined && /^[\w.~+/=-]+$/.test(token)) return token;
  throw new DrumlineError(
    'usage',
    `${file ?? VARIABLE} holds no token of a control API`,
    'Make one with `drumline token`.',
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DrumlineError('usage', `--api-token-file: ${messageOf(error)}`);
  }
}
