import { lutimesSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { DrumlineError, type Millis } from '@drumline/model';
import { linkAgeMs } from './idle.js';
import { thisProcess, whetherAlive, type ProcessIdentity } from '@drumline/wire';

/** The right to write a file, until `release` or the end of the process. */
export interface Ownership {
  /** Whether the claim still exists. */
  holds(): boolean;
  release(): void;
}

interface Owner extends ProcessIdentity {
  /** Whether the process renews the claim while it runs; absent in claims of older versions. */
  readonly renews?: boolean;
}

interface Claim {
  readonly path: string;
  readonly owner: Owner | undefined;
}

const RENEW_EVERY_MS = 5_000;
/**
 * A claim of a process on another machine lapses if it was not renewed for this long. Longer than
 * NFS clients cache file times (60 s).
 */
const CLAIM_LAPSES_AFTER_MS = 90_000;

/**
 * Claims a file for this process, and replaces claims of dead processes. A claim is a symbolic link
 * beside the file that names its process: it is created atomically, and one that is left by `kill
 * -9` does no harm. It is created before other claims are checked. So of two concurrent processes
 * both may be refused, but never both succeed.
 * @throws DrumlineError `request-invalid` if another running process has claimed it, or one on
 * another machine
 */
export function takeOwnership(file: string, lapsesAfterMs = CLAIM_LAPSES_AFTER_MS): Ownership {
  const claim = `${prefixOf(file)}${process.pid}-${randomBytes(4).toString('hex')}`;
  const target = JSON.stringify({ ...thisProcess(), renews: true } satisfies Owner);
  symlinkSync(target, claim);
  try {
    for (const other of claimsOf(file)) if (other.path !== claim) removeIfDead(file, other, lapsesAfterMs);
  } catch (error) {
    rmSync(claim, { force: true });
    throw error;
  }
  const renewing = setInterval(() => renew(claim), RENEW_EVERY_MS).unref();
  return {
    holds: () => targetOf(claim) === target,
    release: () => {
      clearInterval(renewing);
      rmSync(claim, { force: true });
    },
  };
}

/** The process that writes a file, as far as this machine can tell. */
export function ownerOf(file: string, lapsesAfterMs = CLAIM_LAPSES_AFTER_MS): ProcessIdentity | undefined {
  return claimsOf(file).find(({ path, owner }) => owner && isHeld(path, owner, lapsesAfterMs) !== false)
    ?.owner;
}

/** Removes all claims beside a file. */
export function removeClaims(file: string): void {
  for (const { path } of claimsOf(file)) rmSync(path, { force: true });
}

function removeIfDead(file: string, { path, owner }: Claim, lapsesAfterMs: Millis): void {
  if (!owner) return;
  const alive = isHeld(path, owner, lapsesAfterMs);
  if (alive === false) return rmSync(path, { force: true });
  const who = alive === true ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}`;
  throw new DrumlineError(
    'request-invalid',
    `The run in ${file} belongs to another master, ${who}${alive === true ? '' : ', which cannot be checked from here'}.`,
    alive === true ? 'Wait until that run is over, or stop its master.' : ifGone(path, owner),
  );
}

function ifGone(claim: string, { renews }: Owner): string {
  const remove = `If that master is certainly gone, remove ${claim} and try again.`;
  if (renews !== true) return remove;
  const leftSeconds = Math.ceil(Math.max(0, CLAIM_LAPSES_AFTER_MS - linkAgeMs(claim)) / 1_000);
  return `${remove} Otherwise the claim lapses in ${leftSeconds}s unless that master renews it.`;
}

function isHeld(claim: string, owner: Owner, lapsesAfterMs: Millis): boolean | 'unknown' {
  const alive = whetherAlive(owner);
  const lapsed = alive === 'unknown' && owner.renews === true && linkAgeMs(claim) > lapsesAfterMs;
  return lapsed ? false : alive;
}

/**
 * Touches the claim, which the file system stamps with its own time. The claim may have been
 * removed.
 */
function renew(claim: string): void {
  try {
    const now = new Date();
    lutimesSync(claim, now, now);
  } catch {
    // The next commit detects it.
  }
}

function claimsOf(file: string): Claim[] {
  const prefix = basename(prefixOf(file));
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(dirname(file), name))
    .map((path) => ({ path, owner: parse(targetOf(path)) }));
}

const prefixOf = (file: string): string => `${file}.owner-`;

/** Undefined if the link was removed in the meantime. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function parse(target: string | undefined): Owner | undefined {
  try {
    return target === undefined ? undefined : (JSON.parse(target) as Owner);
  } catch {
    return undefined;
  }
}
