import { afterAll, beforeAll, expect, test } from 'vitest';

import { cloudEvent, ownEvent } from '../../../web/api/engagement-shapes.ts';
import { signWebhook } from '../../../shared/platform/webhook-signature.ts';
import { examplesIn, readDoc, runShell, runTypeScript } from '../../support/doc-examples.ts';
import { startLocalServer } from '../../support/local-server.ts';
import type { LocalServer } from '../../support/local-server.ts';

const PAGE = readDoc('webhooks.md');

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

test('W1 the example of a signature is right', () => {
  const cell = (name: string) =>
    new RegExp(`^\\| ${name} +\\| \`([^\`]+)\` +\\|$`, 'm').exec(PAGE)?.[1] ?? '';
  const headers = { id: cell('`webhook-id`'), timestamp: cell('`webhook-timestamp`') };
  expect(cell('`webhook-signature`')).toMatch(/^v1,/);
  expect(signWebhook(cell('secret'), headers, cell('body'))).toBe(cell('`webhook-signature`'));
});

test('W4 the examples of events are events', () => {
  const [own, cloud] = [...PAGE.matchAll(/^```json\n(.*?)^```$/gms)].map(([, code = '']): unknown =>
    JSON.parse(code),
  );
  expect(ownEvent.parse(own)).toMatchObject({ occurredAt: '2026-11-22T08:25:00.000Z' });
  expect(cloudEvent.parse(cloud)).toMatchObject({ type: 'shop-order' });
});

test(
  'W1 what the page says to a shell and in TypeScript works as it stands there',
  { timeout: 60_000 },
  async () => {
    const shell = `${examplesIn(PAGE, 'sh', server)}\nprintf 'secret %s\\n' "$WEBHOOK_SECRET"`;
    const output = await runShell(shell);
    expect(output).toContain('{"accepted":1,"refused":[]}');
    const WEBHOOK_SECRET = /^secret (whsec_\S+)$/m.exec(output)?.[1] ?? '';
    const answered = await runTypeScript(examplesIn(PAGE, 'ts', server), { WEBHOOK_SECRET });
    expect(answered).toBe('202 {"accepted":1,"refused":[]}\n');
  },
);

test('the page beside the local system signs and sends', { timeout: 60_000 }, async () => {
  const send = async (type: string) => {
    const body = new URLSearchParams({ email: 'dev@example.com', type, minutesAgo: '0' });
    const headers = { origin: server.baseUrl };
    return (await fetch(`${server.baseUrl}/dev/engagement`, { method: 'POST', headers, body })).text();
  };
  expect(await send('contact-request')).toContain('Answer: 202');
  expect(await send('page-visit')).toContain('no-tracking');
});
