import { hkdfSync } from 'node:crypto';

import * as z from 'zod';

import { HOUR, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import { settingId } from '../settings/brand.ts';
import { sourceId } from './event.ts';

const instant = z.iso.datetime({ precision: 3 });

/** One secret of a source: derived from its number whenever it is asked for, so that none is at rest. */
const generation = z.object({ n: z.int().positive(), until: instant.optional() });
type Generation = z.infer<typeof generation>;

/** A system of a controller that posts signed webhooks (W1). */
export const source = z.object({
  id: sourceId,
  controller: settingId,
  name: z.string(),
  /** Those that may still be signed with; the last is the newest. */
  generations: z.array(generation).min(1),
  createdAt: instant,
  revokedAt: instant.optional(),
});
export type Source = z.infer<typeof source>;

/** So long the former secret is still taken, for the sender to change over. */
const OVERLAP = 24 * HOUR;
/** More secrets than anybody changes over between. */
const MOST = 5;

/** The generations of a source after its secret is changed. */
export function nextGenerations({ generations }: Source, at: Instant): Generation[] {
  const end = plus(at, OVERLAP);
  const ending = liveAmong(generations, at).map(({ n, until = end }) => ({ n, until }));
  const newest = generations.at(-1)?.n ?? 0;
  return [...ending.slice(1 - MOST), { n: newest + 1 }];
}

type SecretDeps = Pick<Secrets, 'webhookMaster'>;

/** The newest secret of a source, as its owner is shown it once: `whsec_` and base64 of 32 bytes. */
export async function newestSecret(secrets: SecretDeps, { id, controller, generations }: Source) {
  return derive(await secrets.webhookMaster(), { id, controller }, generations.at(-1)?.n ?? 0);
}

/** All secrets that a source may sign with at an instant; none once it is revoked. */
export async function liveSecrets(secrets: SecretDeps, found: Source, at: Instant): Promise<string[]> {
  if (found.revokedAt !== undefined) return [];
  const master = await secrets.webhookMaster();
  return liveAmong(found.generations, at).map(({ n }) => derive(master, found, n));
}

function liveAmong(generations: readonly Generation[], at: Instant): Generation[] {
  return generations.filter(({ until }) => until === undefined || until > at);
}

function derive(master: string, { id, controller }: Pick<Source, 'id' | 'controller'>, n: number): string {
  const about = `assent webhook 1\n${controller}\n${id}\n${n}`;
  const bytes = hkdfSync('sha256', Buffer.from(master, 'base64url'), '', about, 32);
  return `whsec_${Buffer.from(bytes).toString('base64')}`;
}
