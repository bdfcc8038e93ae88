import { distance } from 'fastest-levenshtein';

/** Where most private and many small-business mailboxes of our readers are. A typo leads to one of these. */
const PROVIDERS = [
  'gmail.com',
  'googlemail.com',
  'gmx.de',
  'gmx.net',
  'gmx.at',
  'gmx.ch',
  'gmx.com',
  'web.de',
  't-online.de',
  'freenet.de',
  'hotmail.com',
  'hotmail.de',
  'outlook.com',
  'outlook.de',
  'live.com',
  'live.de',
  'yahoo.com',
  'yahoo.de',
  'icloud.com',
  'aol.com',
  'posteo.de',
  'mailbox.org',
  'vodafone.de',
  'protonmail.com',
  'bluewin.ch',
  'hispeed.ch',
  'chello.at',
] as const;

/** Real domains that look like a slip of the keyboard. */
const REAL = new Set<string>([
  ...PROVIDERS,
  ...['mail.com', 'mail.de', 'email.com', 'email.de', 'ymail.com', 'rocketmail.com', 'gail.com', 'me.com'],
  ...[
    'online.de',
    'yahoo.fr',
    'yahoo.it',
    'yahoo.at',
    'hotmail.fr',
    'hotmail.it',
    'hotmail.ch',
    'hotmail.at',
  ],
  ...['outlook.at', 'outlook.fr', 'outlook.it', 'live.at', 'live.nl', 'aol.de', 'posteo.net', 'posteo.at'],
  ...['gmx.us', 'gmx.eu', 'gmx.org', 'gmx.biz', 'gmx.info', 'vodafone.com', 'freenet.com', 'web.com'],
]);

/** Endings that do not exist, so whatever stands before them: this was a slip. */
const SLIPS = new Map(
  Object.entries({
    com: ['con', 'comm', 'coom', 'cmo', 'ocm', 'vom', 'xom', 'cpm', 'cim', 'c0m', 'col'],
    de: ['dee', 'dde', 'ded', 'ed', 'dr', 'd', 'dw'],
    net: ['nte', 'ent', 'ner', 'nett', 'met', 'ney'],
    org: ['ogr', 'rog', 'orgg', 'prg'],
  }).flatMap(([ending, slips]) => slips.map((slip) => [slip, ending] as const)),
);
/** Endings that do exist (Colombia, Cameroon, Oman, Niger): a slip only after the name of a provider. */
const COUNTRY_SLIPS = new Map([
  ['co', 'com'],
  ['cm', 'com'],
  ['om', 'com'],
  ['ne', 'net'],
]);

const KEY_ROWS = ['qwertzuiop', 'asdfghjkl', 'yxcvbnm'];

/** Whether the domain is one of the providers that most mailboxes of our readers are at. */
export function isKnownProvider(domain: string): boolean {
  return PROVIDERS.some((provider) => provider === domain);
}

/**
 * The domain that somebody probably meant, or undefined. Rather silent than wrong: never for a domain known to
 * exist, and a wrong letter counts only where its key lies beside the right one.
 * @param domain in ASCII, lower case
 */
export function suggestDomain(domain: string): string | undefined {
  if (REAL.has(domain)) return undefined;
  const corrected = correctEnding(domain);
  if (REAL.has(corrected)) return corrected;
  const provider = PROVIDERS.find((candidate) => isSlipOf(corrected, candidate));
  return provider ?? (corrected === domain ? undefined : corrected);
}

function correctEnding(domain: string): string {
  const { name, ending } = split(domain);
  const sure = SLIPS.get(ending);
  if (sure) return `${name}.${sure}`;
  const meant = COUNTRY_SLIPS.get(ending);
  return meant && REAL.has(`${name}.${meant}`) ? `${name}.${meant}` : domain;
}

function isSlipOf(domain: string, provider: string): boolean {
  const [typed, meant] = [split(domain), split(provider)];
  if (typed.ending !== meant.ending || meant.name.length < 5) return false;
  const edits = distance(typed.name, meant.name);
  if (edits === 2)
    return isSwap(typed.name, meant.name) || (meant.name.length >= 8 && sameStart(typed.name, meant.name));
  if (edits !== 1 || !sameStart(typed.name, meant.name)) return false;
  return typed.name.length !== meant.name.length || isNextKey(typed.name, meant.name);
}

/** Two letters side by side in the wrong order. */
function isSwap(typed: string, meant: string): boolean {
  const at = [...meant].findIndex((letter, index) => typed[index] !== letter);
  return typed === `${meant.slice(0, at)}${meant[at + 1] ?? ''}${meant[at] ?? ''}${meant.slice(at + 2)}`;
}

/** The one letter that differs lies beside the right one on the keyboard. */
function isNextKey(typed: string, meant: string): boolean {
  const at = [...meant].findIndex((letter, index) => typed[index] !== letter);
  const [a, b] = [keyPlace(typed[at] ?? ''), keyPlace(meant[at] ?? '')];
  return Math.abs(a.row - b.row) <= 1 && Math.abs(a.x - b.x) <= 1;
}

/** Rows stand half a key apart. */
function keyPlace(letter: string): { row: number; x: number } {
  const row = KEY_ROWS.findIndex((keys) => keys.includes(letter));
  return row < 0 ? { row: -9, x: -9 } : { row, x: (KEY_ROWS[row]?.indexOf(letter) ?? 0) + row / 2 };
}

function sameStart(typed: string, meant: string): boolean {
  return typed[0] === meant[0];
}

function split(domain: string): { name: string; ending: string } {
  const dot = domain.lastIndexOf('.');
  return { name: domain.slice(0, dot), ending: domain.slice(dot + 1) };
}
