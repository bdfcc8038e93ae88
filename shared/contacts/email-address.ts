import { domainToASCII } from 'node:url';

import * as z from 'zod';

/** One address in the four forms that somebody needs. */
export type EmailAddress = {
  /** As typed, without spaces around it: mail goes here. */
  delivery: string;
  /** Who is this? Lower case, domain in ASCII, dots and tags kept. */
  match: string;
  /** Whose mailbox is this? As `match`, without a `+tag` (T7). */
  limit: string;
  /** The domain in ASCII. */
  domain: string;
};

export type ParsedAddress =
  { ok: true; address: EmailAddress } | { ok: false; code: 'email-missing' | 'email-invalid' };

const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** What browsers accept in an e-mail field (HTML 4.10.5.1.5), with dots as RFC 5321 has them and a full domain. */
const SYNTAX = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`, 'i');
/** RFC 5321 4.5.3.1. */
const syntax = z.email({ pattern: SYNTAX }).max(254);
const MAX_LOCAL = 64;

/** Letters of any script, digits, hyphens and full stops: `domainToASCII` would also unescape, cut and drop. */
const DOMAIN_AS_TYPED = /^[\p{L}\p{M}\p{N}.。．｡-]+$/u;
const CONTROL = /\p{Cc}/u;

/** Checks and normalises an address as a person types it. Quoted local parts are refused: nobody has one. */
export function parseEmailAddress(input: string): ParsedAddress {
  const typed = input.trim();
  if (typed === '') return { ok: false, code: 'email-missing' };
  const at = typed.lastIndexOf('@');
  const [local, typedDomain] = [typed.slice(0, Math.max(at, 0)), typed.slice(at + 1)];
  const domain = DOMAIN_AS_TYPED.test(typedDomain) ? domainToASCII(typedDomain) : '';
  const match = `${local}@${domain}`.toLowerCase();
  if (CONTROL.test(input) || local.length > MAX_LOCAL || !syntax.safeParse(match).success) {
    return { ok: false, code: 'email-invalid' };
  }
  return {
    ok: true,
    address: { delivery: typed, match, limit: `${withoutTag(local.toLowerCase())}@${domain}`, domain },
  };
}

/** The same address for eyes over the shoulder: `a•••a@example.com`; `•••` where there is none. */
export function maskAddress(delivery: string | undefined): string {
  if (delivery === undefined) return '•••';
  const at = delivery.lastIndexOf('@');
  const local = delivery.slice(0, Math.max(at, 0));
  const last = local.length > 2 ? local.slice(-1) : '';
  return `${local.slice(0, 1)}•••${last}${delivery.slice(at)}`;
}

/** `+tag` alone is somebody's name, not a tag. */
function withoutTag(local: string): string {
  const plus = local.indexOf('+');
  return plus > 0 ? local.slice(0, plus) : local;
}
