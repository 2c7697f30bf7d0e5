import { readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { DrumlineError } from '@drumline/model';
import { thisProcess, whetherAlive, type ProcessIdentity } from './process-identity.js';

/** The right to write a file, until `release` or the end of the process, however it ends. */
export interface Ownership {
  /** Whether nobody has removed the claim. */
  holds(): boolean;
  release(): void;
}

interface Claim {
  readonly path: string;
  readonly owner: ProcessIdentity | undefined;
}

/**
 * Claims a file for this process; claims of dead processes are taken over. A claim is a symbolic link beside the file whose
 * target names its process: made in one step, never half written, and left behind by `kill -9` without harm. It is made first, and
 * only then are the others looked at: so of two that come at once both may be refused, but never are both let in.
 * @throws DrumlineError `request-invalid` if a living process has claimed it, or one that cannot be seen from here
 */
export function takeOwnership(file: string): Ownership {
  const claim = `${prefixOf(file)}${process.pid}-${randomBytes(4).toString('hex')}`;
  const target = JSON.stringify(thisProcess());
  symlinkSync(target, claim);
  try {
    for (const other of claimsOf(file)) if (other.path !== claim) removeIfDead(file, other);
  } catch (error) {
    rmSync(claim, { force: true });
    throw error;
  }
  return { holds: () => targetOf(claim) === target, release: () => rmSync(claim, { force: true }) };
}

/** The process that writes a file, as far as can be seen from here. */
export function ownerOf(file: string): ProcessIdentity | undefined {
  return claimsOf(file).find(({ owner }) => owner && whetherAlive(owner) !== false)?.owner;
}

/** Everything that claims have left beside a file. */
export function removeClaims(file: string): void {
  for (const { path } of claimsOf(file)) rmSync(path, { force: true });
}

function removeIfDead(file: string, { path, owner }: Claim): void {
  if (!owner) return;
  const alive = whetherAlive(owner);
  if (alive === false) return rmSync(path, { force: true });
  const who = alive === true ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}`;
  throw new DrumlineError(
    'request-invalid',
    `The run in ${file} belongs to another master, ${who}${alive === true ? '' : ', which cannot be seen from here'}.`,
    alive === true
      ? 'Wait until that run is over, or end its master.'
      : `If that master is certainly gone, remove ${path} and try again.`,
  );
}

function claimsOf(file: string): Claim[] {
  const prefix = basename(prefixOf(file));
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(dirname(file), name))
    .map((path) => ({ path, owner: parse(targetOf(path)) }));
}

const prefixOf = (file: string): string => `${file}.owner-`;

/** Nothing if it has been removed in the meantime. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function parse(target: string | undefined): ProcessIdentity | undefined {
  try {
    return target === undefined ? undefined : (JSON.parse(target) as ProcessIdentity);
  } catch {
    return undefined;
  }
}
