import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { MINUTE, setClockOffset } from '../../shared/platform/clock.ts';
import { openSecrets } from '../../shared/platform/secrets.ts';

type Received = { method: string; url: string; headers: IncomingHttpHeaders; body: string };
type Answer = { status: number; body: object };

const PEPPER = 'P'.repeat(43);
const LINKS = { current: 'k2', keys: { k1: 'A'.repeat(43), k2: 'B'.repeat(43) } };
const FOUND: Answer = {
  status: 200,
  body: {
    Parameters: [
      { Name: '/assent/test/link-keys', Value: JSON.stringify(LINKS), Version: 3 },
      { Name: '/assent/test/pepper', Value: PEPPER, Type: 'SecureString' },
    ],
    InvalidParameters: [],
  },
};

let server: Server;
let received: Received[] = [];
let answers: Answer[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const answer = answers.shift() ?? FOUND;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // Read once per process, by whoever asks first.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
    AWS_SESSION_TOKEN: 'session',
    ASSENT_STAGE: 'test',
    ASSENT_SECRETS: 'pepper,link-keys',
  });
});
beforeEach(() => {
  received = [];
  answers = [];
});
afterEach(() => setClockOffset(0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('secrets from SSM', () => {
  test('one call fetches all that the function was granted, whoever asks first', async () => {
    const secrets = openSecrets();
    expect(await Promise.all([secrets.pepper(), secrets.linkKeys(), secrets.pepper()])).toEqual([
      PEPPER,
      LINKS,
      PEPPER,
    ]);
    expect(await secrets.linkKeys()).toEqual(LINKS);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/',
      headers: {
        'x-amz-target': 'AmazonSSM.GetParameters',
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-security-token': 'session',
      },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      Names: ['/assent/test/pepper', '/assent/test/link-keys'],
      WithDecryption: true,
    });
  });

  test('the call is signed: Signature Version 4 recomputed from what arrived', async () => {
    await openSecrets().pepper();
    const [call] = received;
    if (!call) throw new Error('no call arrived');
    expect(call.headers.authorization).toBe(signatureOf(call));
  });

  test('an answer is kept for five minutes', async () => {
    const secrets = openSecrets();
    await secrets.pepper();
    setClockOffset(5 * MINUTE - 1_000);
    await secrets.pepper();
    expect(received).toHaveLength(1);
    setClockOffset(5 * MINUTE + 1_000);
    await secrets.pepper();
    expect(received).toHaveLength(2);
  });

  test('a failure is thrown with its status alone, and forgotten', async () => {
    answers = [{ status: 400, body: { __type: 'AccessDeniedException', message: 'arn:aws:iam::1:role/x' } }];
    const secrets = openSecrets();
    await expect(secrets.pepper()).rejects.toThrow(/^reading secrets failed: SSM answered 400$/);
    expect(await secrets.pepper()).toBe(PEPPER);
  });

  test('a parameter that does not exist is named when it is asked for', async () => {
    answers = [
      {
        status: 200,
        body: { Parameters: [{ Name: '/assent/test/pepper', Value: PEPPER }], InvalidParameters: ['x'] },
      },
    ];
    const secrets = openSecrets();
    expect(await secrets.pepper()).toBe(PEPPER);
    await expect(secrets.linkKeys()).rejects.toThrow('no access to the secret link-keys');
  });

  test('a secret that the function was not granted is not asked for', async () => {
    await expect(openSecrets().evidenceMaster()).rejects.toThrow('no access to the secret evidence-master');
    expect(received[0]?.body).not.toContain('evidence-master');
  });

  test('an answer of another form is refused', async () => {
    answers = [{ status: 200, body: { Parameters: 'none' } }];
    await expect(openSecrets().pepper()).rejects.toThrow();
  });
});

/** The Authorization header that AWS computes for a request (SigV4, credentials of the test environment). */
function signatureOf({ method, url, headers, body }: Received): string {
  const authorization = headers.authorization ?? '';
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? '';
  const at = String(headers['x-amz-date']);
  const scope = `${at.slice(0, 8)}/eu-central-1/ssm/aws4_request`;
  const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [method, url, '', signed.join(''), names, sha256(body)].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer | string>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      'AWS4test',
    );
  const signature = createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n'))
    .digest('hex');
  expect(names.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target']));
  return `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}
