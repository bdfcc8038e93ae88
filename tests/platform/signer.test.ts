import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { signJws, verifyJws } from '../../shared/evidence/jws.ts';
import { PACK_TYP, packStatement } from '../../shared/evidence/pack.ts';
import { now } from '../../shared/platform/clock.ts';
import { thumbprint } from '../../shared/platform/jwk.ts';
import { localSigner, openSigner } from '../../shared/platform/signer.ts';
import type { Signer } from '../../shared/platform/signer.ts';
import { openStandIn } from './aws-stand-in.ts';
import type { Answer, Received } from './aws-stand-in.ts';

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/evidence';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = publicKey.export({ format: 'der', type: 'spki' });
let kms: Awaited<ReturnType<typeof openStandIn>>;
let broken: Answer[] = [];

/** What the test lets be signed: Node signs data, and KMS is sent its digest alone. */
let data = '';

/** KMS as its API reference says: a key in SubjectPublicKeyInfo, a signature in DER. */
function answer({ headers, body }: Received): Answer {
  const [failure] = broken.splice(0, 1);
  if (failure) return failure;
  if (headers['x-amz-target'] === 'TrentService.GetPublicKey') {
    return {
      status: 200,
      body: { KeyId: ARN, KeySpec: 'ECC_NIST_P256', PublicKey: spki.toString('base64') },
    };
  }
  const Message = createHash('sha256').update(data).digest('base64');
  expect(JSON.parse(body)).toEqual({
    KeyId: ARN,
    Message,
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
  });
  return {
    status: 200,
    body: { Signature: sign('sha256', Buffer.from(data), privateKey).toString('base64') },
  };
}

beforeAll(async () => {
  kms = await openStandIn(answer);
  // Read once per process, by whoever asks first.
  Object.assign(process.env, { AWS_ENDPOINT_URL_KMS: kms.url, ASSENT_SIGNING_KEY: ARN });
});
afterEach(() => {
  kms.received.length = 0;
  broken = [];
});
afterAll(() => kms.close());

/** The signer that a function on AWS is given. */
function kmsSigner(): Signer {
  const signer = openSigner();
  return {
    ...signer,
    sign: (text) => {
      data = text;
      return signer.sign(text);
    },
  };
}
const targets = () => kms.received.map(({ headers }) => headers['x-amz-target']);

describe('a key in KMS', () => {
  test('H4 a JWS signed by it holds under the key that it publishes', async () => {
    const signer = kmsSigner();
    const payload = {
      contactId: 'con_1',
      head: { seq: 1, hash: '0'.repeat(64) },
      at: now(),
      sha256: '1'.repeat(64),
    };
    // One signature in 128 has a short r or s.
    for (let round = 0; round < 20; round += 1) {
      const jws = await signJws(signer, PACK_TYP, payload);
      const verdict = verifyJws(jws, {
        typ: PACK_TYP,
        schema: packStatement,
        keys: [await signer.publicKey()],
      });
      expect(verdict).toMatchObject({ ok: true, payload });
    }
    expect(targets()).toEqual(['TrentService.GetPublicKey', ...Array<string>(20).fill('TrentService.Sign')]);
  });

  test('H4 it bears its own thumbprint, and is asked for once', async () => {
    const signer = kmsSigner();
    const [key] = await Promise.all([signer.publicKey(), signer.publicKey()]);
    expect(key).toEqual({
      ...publicKey.export({ format: 'jwk' }),
      alg: 'ES256',
      use: 'sig',
      kid: thumbprint(key),
    });
    expect(targets()).toEqual(['TrentService.GetPublicKey']);
    expect(JSON.parse(kms.received[0]?.body ?? '')).toEqual({ KeyId: ARN });
  });

  test('every call is signed for KMS', async () => {
    await kmsSigner().sign('text');
    expect(kms.received[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-central-1\/kms\/aws4_request, SignedHeaders=/,
    );
  });

  test('what KMS refuses fails with its status alone', async () => {
    broken = [{ status: 400, body: { __type: 'KMSInvalidStateException', message: ARN } }];
    await expect(kmsSigner().sign('text')).rejects.toThrow(/^signing failed: KMS answered 400$/);
  });

  test.each([
    { name: 'no signature', body: {} },
    { name: 'one that is none', body: { Signature: Buffer.from('none').toString('base64') } },
  ])('$name is refused', async ({ body }) => {
    broken = [{ status: 200, body }];
    await expect(kmsSigner().sign('text')).rejects.toThrow();
  });

  test('a key on another curve is refused', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    const PublicKey = other.export({ format: 'der', type: 'spki' }).toString('base64');
    broken = [{ status: 200, body: { PublicKey } }];
    await expect(kmsSigner().publicKey()).rejects.toThrow();
  });
});

describe('a key in a file', () => {
  test('H4 signs with 64 bytes, r and s', async () => {
    const signer = localSigner(() => Promise.resolve(privateKey.export({ format: 'jwk' })));
    const signature = await signer.sign('text');
    expect(signature).toHaveLength(64);
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', Buffer.from('text'), key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('Text'), key, signature)).toBe(false);
  });

  test('publishes no secret', async () => {
    const published = await localSigner(() =>
      Promise.resolve(privateKey.export({ format: 'jwk' })),
    ).publicKey();
    expect(Object.keys(published).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test('what is no key of ours is refused', async () => {
    await expect(localSigner(() => Promise.resolve({ kty: 'RSA' })).sign('text')).rejects.toThrow();
  });
});
