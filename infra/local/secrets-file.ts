import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';

import * as z from 'zod';

import type { SecretName } from '../../shared/platform/secrets.ts';
import { readJson, writeJson } from './json-file.ts';

/** Makes this machine's own secrets: all on the first start, later what a newer version needs besides. */
export async function ensureSecrets(path: string): Promise<void> {
  const known = (await readJson(path, z.record(z.string(), z.unknown()))) ?? {};
  const key = () => randomBytes(32).toString('base64url');
  const made = {
    pepper: key(),
    'link-keys': { current: 'k1', keys: { k1: key() } },
    'evidence-master': key(),
    'webhook-master': key(),
  } satisfies Record<SecretName, unknown>;
  if (Object.keys(made).every((name) => name in known)) return chmod(path, 0o600);
  await writeJson(path, { ...made, ...known }, 0o600);
}

/** Makes the key that signs this machine's evidence (ES256); on AWS it lies in KMS. */
export async function ensureSigningKey(path: string): Promise<void> {
  if ((await readJson(path, z.record(z.string(), z.unknown()))) !== undefined) return chmod(path, 0o600);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeJson(path, privateKey.export({ format: 'jwk' }), 0o600);
}
