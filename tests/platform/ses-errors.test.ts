import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { expect, test } from 'vitest';

import { classifySendError } from '../../shared/platform/ses-errors.ts';

test('S7 a connection that was never made is no attempt: the SDK says so in words we know', async () => {
  const client = new SESv2Client({
    endpoint: 'http://192.0.2.1:9',
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 50, requestTimeout: 200 },
  });
  const error: unknown = await client
    .send(new SendEmailCommand({ Content: { Simple: { Subject: { Data: 'x' }, Body: {} } } }))
    .catch((reason: unknown) => reason);
  expect(classifySendError(error)).toBe('later');
  client.destroy();
});
