import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { openStandIn } from './aws-stand-in.ts';
import type { Answer } from './aws-stand-in.ts';

const AT = '2026-11-25T03:00:00.000Z';
const NAME = 'root-0000000001.jws';
const TEXT = 'aaa.bbb.ccc';

/** The store as a function with this environment opens it; it is read once per process. */
async function openWith(environment: Record<string, string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.resetModules();
  const { openRootStore } = await import('../../shared/platform/root-store.ts');
  return openRootStore();
}
afterEach(() => vi.unstubAllEnvs());

describe('a bucket', () => {
  let s3: Awaited<ReturnType<typeof openStandIn>>;
  let answer: Answer;
  beforeEach(async () => {
    answer = { status: 200 };
    s3 = await openStandIn(() => answer);
    return s3.close;
  });
  const keep = async () => {
    const store = await openWith({ AWS_ENDPOINT_URL_S3: s3.url, ASSENT_ROOTS_BUCKET: 'roots' });
    await store.keep(NAME, TEXT, AT);
  };

  test('H5 a root is put under COMPLIANCE for ten years, only where none is, with its checksum', async () => {
    await keep();
    expect(s3.received).toHaveLength(1);
    expect(s3.received[0]).toMatchObject({
      method: 'PUT',
      url: `/roots/${NAME}`,
      body: TEXT,
      headers: {
        'content-type': 'application/jose',
        'if-none-match': '*',
        'x-amz-checksum-sha256': createHash('sha256').update(TEXT).digest('base64'),
        'x-amz-object-lock-mode': 'COMPLIANCE',
        'x-amz-object-lock-retain-until-date': '2036-11-25T03:00:00.000Z',
      },
    });
  });

  test('H5 what makes the lock is under the signature, so that nobody on the way can take it off', async () => {
    await keep();
    const authorization = s3.received[0]?.headers.authorization ?? '';
    expect(authorization).toMatch(/Credential=test\/\d{8}\/eu-central-1\/s3\/aws4_request/);
    const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';');
    expect(signed).toEqual(
      expect.arrayContaining([
        'if-none-match',
        'x-amz-checksum-sha256',
        'x-amz-object-lock-mode',
        'x-amz-object-lock-retain-until-date',
      ]),
    );
  });

  test('H5 a root that is there already is left as it is', async () => {
    answer = { status: 412 };
    await expect(keep()).resolves.toBeUndefined();
  });

  test.each([400, 403, 404, 409, 500, 503])(
    'the answer %i is a failure, to be tried again',
    async (status) => {
      answer = { status };
      await expect(keep()).rejects.toThrow(`keeping ${NAME} failed: S3 answered ${status}`);
    },
  );
});

describe('a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assent-roots-'));
    return () => rm(folder, { recursive: true, force: true });
  });

  test('H5 keeps the first of a name and never overwrites it', async () => {
    const roots = join(folder, 'not', 'there', 'yet');
    const store = await openWith({ ASSENT_ROOTS_FOLDER: roots });
    await store.keep(NAME, TEXT, AT);
    await store.keep(NAME, 'another', AT);
    await store.keep('root-0000000002.jws', 'another', AT);
    expect(await readdir(roots)).toEqual([NAME, 'root-0000000002.jws']);
    expect(await readFile(join(roots, NAME), 'utf8')).toBe(TEXT);
  });

  test('where nothing can be written it fails', async () => {
    const store = await openWith({ ASSENT_ROOTS_FOLDER: '/dev/null/roots' });
    await expect(store.keep(NAME, TEXT, AT)).rejects.toThrow('ENOTDIR');
  });
});
