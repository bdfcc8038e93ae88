import { MINUTE, now, nowMs } from '../platform/clock.ts';
import { log } from '../platform/log.ts';
import { sha256 } from '../platform/ids.ts';
import type { RootStore } from '../platform/root-store.ts';
import { checkChains } from './check-chains.ts';
import { signRoot } from './sign-root.ts';
import type { SignRootDeps } from './sign-root.ts';
import { noteKept, readUnkept } from './store.ts';
import type { RootItem } from './store.ts';
import type { TimestampAuthority } from './time-stamp.ts';

export type NightlyDeps = SignRootDeps & { roots: RootStore; timestamps?: TimestampAuthority };

/** Of the 15 minutes that a function may run, what is left is for signing. */
const CHECK_FOR = 8 * MINUTE;

/**
 * Checks a share of all chains, signs the day's root, and keeps it where we cannot change it (H3, H4, H5). Run again,
 * it makes up for what a run before could not do, and signs what came in since.
 */
export async function secureEvidence(deps: NightlyDeps): Promise<void> {
  const end = nowMs() + CHECK_FOR;
  const checked = await checkChains(deps.db, () => nowMs() > end);
  log('info', 'chains-checked', { chains: checked.chains, broken: checked.broken });
  await signRoot(deps, now(), checked.next);
  // The newest first: an old one that cannot be kept must not stand in its way.
  for (const root of (await readUnkept(deps.db)).toReversed()) await keep(deps, root);
}

async function keep({ db, roots, timestamps }: NightlyDeps, { seq, jws, at }: RootItem): Promise<void> {
  const name = `root-${String(seq).padStart(10, '0')}`;
  await roots.keep(`${name}.jws`, jws, at);
  if (timestamps) {
    const token = await timestamps.stamp(sha256(jws));
    await roots.keep(`${name}.tsr.b64`, token.toString('base64'), at);
  }
  await noteKept(db, seq);
}
