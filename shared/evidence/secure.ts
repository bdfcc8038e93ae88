import { now, nowMs, MINUTE } from '../platform/clock.ts';
import { log } from '../platform/log.ts';
import { sha256 } from '../platform/ids.ts';
import type { RootStore } from '../platform/root-store.ts';
import { checkChains } from './check-chains.ts';
import { signRoot } from './sign-root.ts';
import type { SignRootDeps } from './sign-root.ts';
import { readRoots } from './store.ts';
import type { TimestampAuthority } from './time-stamp.ts';

export type NightlyDeps = SignRootDeps & { roots: RootStore; timestamps?: TimestampAuthority };

/** Of the 15 minutes that a function may run, what is left is for signing. */
const CHECK_FOR = 8 * MINUTE;
/** A root that could not be kept is tried again for so many days. */
const KEEP_AGAIN = 7;

/** Checks a share of all chains, signs the day's root, and keeps it where we cannot change it (H3, H4, H5). */
export async function secureEvidence(deps: NightlyDeps): Promise<void> {
  const end = nowMs() + CHECK_FOR;
  const checked = await checkChains(deps.db, () => nowMs() > end);
  log('info', 'chains-checked', { chains: checked.chains, broken: checked.broken });
  const signed = await signRoot(deps, now(), checked.next);
  const roots = await readRoots(deps.db);
  for (const { seq, jws, at } of roots.slice(-KEEP_AGAIN))
    await deps.roots.keep(`${nameOf(seq)}.jws`, jws, at);
  if (!signed || !deps.timestamps) return;
  const token = await deps.timestamps.stamp(sha256(signed.jws));
  await deps.roots.keep(`${nameOf(signed.seq)}.tsr.b64`, token.toString('base64'), signed.at);
}

function nameOf(seq: number): string {
  return `root-${String(seq).padStart(10, '0')}`;
}
