import type * as z from 'zod';

import type { PublicJwk } from '../platform/jwk.ts';
import type { Finding } from './finding.ts';
import { evidencePack } from './pack.ts';
import type { EvidencePack } from './pack.ts';
import { checkForms, checkMails, checkPayloads, checkWordings } from './verify-contents.ts';
import { checkChain, checkHead, checkInclusion } from './verify-chain.ts';
import { checkIssue, checkKeys, checkRoots, checkSignatures } from './verify-signed.ts';

/** What is checked, in this order; `docs/evidence-format.md` describes each. */
const CHECKS = {
  chain: checkChain,
  head: checkHead,
  inclusion: checkInclusion,
  roots: checkRoots,
  signatures: checkSignatures,
  keys: checkKeys,
  wordings: checkWordings,
  forms: checkForms,
  payloads: checkPayloads,
  mails: checkMails,
  issue: checkIssue,
} as const satisfies Record<string, (pack: EvidencePack, trusted?: readonly PublicJwk[]) => Finding>;
export type Step = Finding & { step: string };

/**
 * Verifies an evidence pack by itself: no network, no database, no secret (H8).
 * @param trusted keys known to be the issuer's from another source; without them, key trust stays open
 */
export function verifyPack(input: unknown, trusted?: readonly PublicJwk[]): Step[] {
  const read = evidencePack.safeParse(input);
  if (!read.success) return [{ step: 'format', verdict: 'fail', detail: explain(read.error) }];
  const pack = read.data;
  const format: Step = { step: 'format', verdict: 'pass', detail: pack.format };
  return [format, ...Object.entries(CHECKS).map(([step, check]) => ({ step, ...check(pack, trusted) }))];
}

function explain({ issues }: z.ZodError): string {
  const [first] = issues;
  return first ? `${first.path.join('.')}: ${first.message}` : 'unreadable';
}
