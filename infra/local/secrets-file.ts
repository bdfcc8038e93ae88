import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';

import * as z from 'zod';

import { readJson, writeJson } from './json-file.ts';

/** Makes this machine's own secrets on the first start; readable by their owner alone. */
export async function ensureSecrets(path: string): Promise<void> {
  if ((await readJson(path, z.record(z.string(), z.unknown()))) !== undefined) return chmod(path, 0o600);
  const key = () => randomBytes(32).toString('base64url');
  const secrets = {
    pepper: key(),
    'link-keys': { current: 'k1', keys: { k1: key() } },
    'evidence-master': key(),
  };
  await writeJson(path, secrets, 0o600);
}

/** Makes the key that signs this machine's evidence (ES256); on AWS it lies in KMS. */
export async function ensureSigningKey(path: string): Promise<void> {
  if ((await readJson(path, z.record(z.string(), z.unknown()))) !== undefined) return chmod(path, 0o600);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeJson(path, privateKey.export({ format: 'jwk' }), 0o600);
}
