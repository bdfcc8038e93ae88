import { plus } from '../../../shared/platform/clock.ts';
import type { Instant } from '../../../shared/platform/clock.ts';
import type { Visit } from '../ses-event.ts';
import type { MailLink } from './mail-links.ts';

/** Networks for examples (RFC 5737). */
const PERSON = '203.0.113.20';
const SCANNER = '198.51.100.23';
const SCANNER_AGENT = 'python-requests/2.32.3';
const SCAN_MS = 900;

/** A person looks. */
export function open(userAgent: string, at: Instant): Visit {
  return { at, ipAddress: PERSON, userAgent };
}

/** A person follows a link. */
export function click(userAgent: string, { href, tags }: MailLink, at: Instant): Visit {
  const linkTags = Object.keys(tags).length > 0 ? tags : null;
  return { ...open(userAgent, at), link: href, linkTags };
}

/** A filter loads the picture and follows every link, those hidden from people too, within a second. */
export function scan(links: readonly MailLink[], at: Instant): Visit[] {
  const step = SCAN_MS / Math.max(1, links.length);
  const followed = links.map((link, index) => click(SCANNER_AGENT, link, plus(at, Math.round(index * step))));
  return [open(SCANNER_AGENT, at), ...followed].map((visit) => ({ ...visit, ipAddress: SCANNER }));
}
