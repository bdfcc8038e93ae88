import { fstatSync, openSync, readSync } from 'node:fs';

import { mail } from '../local/mailbox.ts';
import type { Mail } from '../local/mailbox.ts';

/** Follows the mailbox file of a running local system; each mail is answered once. */
export function openMailFeed(path: string): { next(): Mail[] } {
  let file: number | undefined;
  let offset = 0;
  return {
    next: () => {
      file ??= openSync(path, 'r');
      const bytes = Buffer.allocUnsafe(Math.max(0, fstatSync(file).size - offset));
      const text = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
      // The last line may still be on its way.
      const whole = text.subarray(0, text.lastIndexOf(10) + 1);
      offset += whole.length;
      const lines = whole.toString('utf8').split('\n').filter(Boolean);
      return lines.map((line) => mail.parse(JSON.parse(line)));
    },
  };
}
