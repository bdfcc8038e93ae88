import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import * as z from 'zod';

import { optional, required } from './config.ts';
import { toFixedForm } from './ecdsa.ts';
import { p256Point, privateJwk, thumbprint } from './jwk.ts';
import type { PublicJwk } from './jwk.ts';
import { callAws } from './signed-request.ts';

/** Signs evidence with ES256; the key itself is never seen. */
export type Signer = {
  publicKey(): Promise<PublicJwk>;
  /** r and s, 64 bytes (RFC 7518 3.4). */
  sign(data: string): Promise<Buffer>;
};

/** The signer that this function was granted: a key in KMS, or a file on one machine. */
export function openSigner(): Signer {
  const file = optional('ASSENT_SIGNING_KEY_FILE');
  return file === undefined ? kmsSigner() : localSigner(() => readKeyFile(file));
}

async function readKeyFile(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** Signs with a key that lies in this process: for one machine, and for tests. */
export function localSigner(load: () => Promise<unknown>): Signer {
  let read: Promise<z.infer<typeof privateJwk>> | undefined;
  const key = () => (read ??= load().then((found) => privateJwk.parse(found)));
  return {
    publicKey: async () => toPublished(await key()),
    sign: async (data) => {
      const privateKey = createPrivateKey({ key: await key(), format: 'jwk' });
      return sign('sha256', Buffer.from(data), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    },
  };
}

const publicKeyAnswer = z.object({ PublicKey: z.base64() });
const signAnswer = z.object({ Signature: z.base64() });

function kmsSigner(): Signer {
  const KeyId = required('ASSENT_SIGNING_KEY');
  let known: Promise<PublicJwk> | undefined;
  const fetchKey = async () => {
    const { PublicKey } = publicKeyAnswer.parse(
      await callAws('kms', 'TrentService.GetPublicKey', { KeyId }, 'reading the signing key'),
    );
    const key = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' });
    return toPublished(key.export({ format: 'jwk' }));
  };
  return {
    publicKey: () => (known ??= fetchKey()),
    sign: async (data) => {
      const input = {
        KeyId,
        Message: createHash('sha256').update(data).digest('base64'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      };
      const answer = await callAws('kms', 'TrentService.Sign', input, 'signing');
      return toFixedForm(Buffer.from(signAnswer.parse(answer).Signature, 'base64'));
    },
  };
}

function toPublished(key: unknown): PublicJwk {
  const known = p256Point.parse(key);
  return { ...known, alg: 'ES256', use: 'sig', kid: thumbprint(known) };
}
