import * as z from 'zod';

import { sendOutboxMail } from './send-mail.ts';
import type { SendMailDeps } from './send-mail.ts';
import { sendPendingSignups } from './send-signup.ts';
import type { SendSignupDeps } from './signup-case.ts';

const changed = z.discriminatedUnion('sk', [
  z.object({ sk: z.literal('SIGNUP'), brand: z.string(), addressKey: z.string() }),
  z.object({ sk: z.literal('MAIL'), id: z.string() }),
]);

/** Does what the changed outbox item asks for. The image only says which item it is: the present state decides. */
export async function sendDue(deps: SendSignupDeps & SendMailDeps, image: unknown): Promise<void> {
  const item = changed.parse(image);
  await (item.sk === 'SIGNUP'
    ? sendPendingSignups(deps, item.brand, item.addressKey)
    : sendOutboxMail(deps, item.id));
}
