import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import * as z from 'zod';

import { randomIv, randomToken, sha256 } from '../platform/ids.ts';
import { canonical } from './evidence.ts';
import type { SentUse } from './sent-use.ts';

/** The person's data in an evidence entry. Readable only with the contact's salt. */
export type EvidencePayload = {
  address?: string | undefined;
  ip?: string | undefined;
  userAgent?: string | undefined;
  /** Page on which the form stood. */
  page?: string | undefined;
  fields?: Record<string, string> | undefined;
  signup?: { ip: string; userAgent: string } | undefined;
  smtpResponse?: string | undefined;
  /** What one of us wrote down: a reason, the words on the phone, who recorded it. */
  notes?: Record<string, string | undefined> | undefined;
  /** At an erasure, the calls that rested on a consent: its proof is kept from each of them (G7). */
  calls?: readonly SentUse[] | undefined;
};
type Place = { contactId: string; seq: number };

const salted = z.looseObject({ salt: z.string() });

/**
 * Seals a payload with AES-256-GCM under a key of its contact; entry and contact are bound in.
 * @param master 32 bytes, base64url
 * @param salt of the contact; without it nobody can read the payload (crypto-shredding, H5)
 */
export function sealPayload(
  master: string,
  salt: string,
  place: Place,
  payload: EvidencePayload,
): { payloadHash: string; sealed: string } {
  const text = canonical({ ...payload, salt: randomToken(16) });
  const iv = randomIv();
  const cipher = createCipheriv('aes-256-gcm', contactKey(master, salt), iv).setAAD(aad(place));
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { payloadHash: sha256(text), sealed: sealed.toString('base64') };
}

/**
 * The payload of an entry, with its own salt, so that `payloadHash` can be recomputed.
 * @throws where key, place or text do not belong together
 */
export function openPayload(
  master: string,
  salt: string,
  place: Place,
  sealed: string,
): Record<string, unknown> {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', contactKey(master, salt), bytes.subarray(0, 12))
    .setAAD(aad(place))
    .setAuthTag(bytes.subarray(-16));
  const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  return salted.parse(JSON.parse(text));
}

function contactKey(master: string, salt: string): Buffer {
  const key = hkdfSync(
    'sha256',
    Buffer.from(master, 'base64url'),
    Buffer.from(salt, 'base64url'),
    'assent evidence 1',
    32,
  );
  return Buffer.from(key);
}

function aad({ contactId, seq }: Place): Buffer {
  return Buffer.from(`${contactId}#${seq}`);
}
