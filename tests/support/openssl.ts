import { createHmac } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

/** What docs/webhooks.md uses of openssl, for machines without it: an HMAC with a key in hex, as bytes. */
const key = process.argv.find((argument) => argument.startsWith('hexkey:'))?.slice('hexkey:'.length) ?? '';
process.stdout.write(
  createHmac('sha256', Buffer.from(key, 'hex'))
    .update(await buffer(process.stdin))
    .digest(),
);
