import { addressKey } from '../contacts/address-key.ts';
import type { EmailAddress } from '../contacts/email-address.ts';
import { HOUR, now, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { randomHex, randomToken, sha256 } from '../platform/ids.ts';
import { log } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { LOGIN_LIFETIME, loginMailId } from '../preferences/login.ts';
import type { Brand } from '../settings/brand.ts';
import type { Language } from '../settings/language.ts';
import type { Limits } from '../settings/limits.ts';
import { countSignup } from '../signup/store.ts';
import type { NewMail } from './mail-item.ts';
import { waitingMail } from './store.ts';

export type RequestLoginInput = {
  brand: Brand;
  language: Language;
  limits: Limits;
  address: EmailAddress;
  /** What the limit counts: IPv4 address or IPv6 /64. */
  ipKey: string;
  device: string;
};
/** `cookie` is for the browser that asked. */
export type LoginRequested = { kind: 'accepted'; cookie: string } | { kind: 'too-many'; retryAt: Instant };

/**
 * Takes the wish to log in: two writes, no reads, the same for every address (T6). Whether somebody is known by it, and
 * whether a mail may go there, is found out on the stream.
 */
export async function requestLogin(
  { db, secrets }: { db: Database; secrets: Pick<Secrets, 'pepper'> },
  { brand, language, limits, address, ipKey, device }: RequestLoginInput,
): Promise<LoginRequested> {
  const at = now();
  const pepper = await secrets.pepper();
  const visitor = addressKey(pepper, `log-in ip\n${ipKey}`);
  const counted = await countSignup(db, visitor, at, limits.loginsPerIpPerHour);
  if (!counted.within) {
    log('warn', 'login-ip-limit', { brand: brand.id });
    return { kind: 'too-many', retryAt: counted.until };
  }
  const controller = brand.controller.id;
  const [loginId, secret] = [randomHex(16), randomToken()];
  const until = plus(at, LOGIN_LIFETIME);
  const mail: NewMail = {
    id: loginMailId(loginId),
    kind: 'log-in',
    controller,
    brand: brand.id,
    language,
    createdAt: at,
    login: {
      addressKey: addressKey(pepper, `${controller}\n${address.match}`),
      limitKey: addressKey(pepper, `log-in\n${controller}\n${address.limit}`),
      browser: sha256(secret),
      device,
      until,
      tries: 0,
    },
  };
  await write(db, waitingMail(mail, plus(until, HOUR)));
  log('info', 'login-requested', { brand: brand.id });
  return { kind: 'accepted', cookie: `${loginId}.${secret}` };
}
