import { isKnownProvider } from './typo.ts';

/** Mail providers besides those that a typo may mean: their mailboxes belong to anybody. */
const FURTHER = new Set([
  ...['gmx.us', 'gmx.eu', 'gmx.org', 'gmx.biz', 'gmx.info', 'mail.com', 'mail.de', 'email.com', 'email.de'],
  ...['ymail.com', 'rocketmail.com', 'yahoo.fr', 'yahoo.it', 'yahoo.at', 'yahoo.es', 'yahoo.co.uk'],
  ...['hotmail.fr', 'hotmail.it', 'hotmail.ch', 'hotmail.at', 'hotmail.es', 'hotmail.co.uk', 'msn.com'],
  ...['outlook.at', 'outlook.fr', 'outlook.it', 'outlook.es', 'live.at', 'live.nl', 'live.fr', 'live.co.uk'],
  ...['me.com', 'mac.com', 'aol.de', 'aim.com', 'posteo.net', 'posteo.at', 'posteo.eu', 'freenet.com'],
  ...['proton.me', 'pm.me', 'protonmail.ch', 'tutanota.com', 'tutanota.de', 'tuta.com', 'tuta.io'],
  ...['fastmail.com', 'zoho.com', 'zohomail.eu', 'hushmail.com', 'hey.com', 'mailfence.com', 'startmail.com'],
  ...['arcor.de', 'online.de', 'onlinehome.de', 'kabelmail.de', 'unitybox.de', 'netcologne.de', 'ewetel.net'],
  ...['aon.at', 'a1.net', 'inode.at', 'utanet.at', 'sunrise.ch', 'swissonline.ch', 'vtxmail.ch'],
  ...['orange.fr', 'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'libero.it', 'virgilio.it', 'tin.it'],
  ...['ziggo.nl', 'kpnmail.nl', 'xs4all.nl', 'telenet.be', 'skynet.be', 'seznam.cz', 'centrum.cz'],
  ...['wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'gazeta.pl', 'btinternet.com', 'sky.com', 'comcast.net'],
  ...['verizon.net', 'att.net', 'cox.net', 'shaw.ca', 'rogers.com', 'qq.com', '163.com', '126.com'],
  ...['naver.com', 'yandex.ru', 'yandex.com', 'mail.ru', 'bk.ru', 'rediffmail.com', 'uol.com.br'],
]);

/**
 * Whether anybody can have a mailbox at the domain, so that it says nothing about where somebody works.
 * @param domain in ASCII, lower case
 */
export function isPublicProvider(domain: string): boolean {
  return isKnownProvider(domain) || FURTHER.has(domain);
}
