/** Longest name of a person or company that a form takes. */
const MAX_LENGTH = 80;

/** Control characters, line breaks of every kind, and marks that turn the direction of what follows (T13). */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const TITLES = /\b(?:apl|dipl|dr|habil|ing|jr|jun|mag|med|nat|phil|prof|rer|sen|sr|st|univ)\./giu;
/** A mail program makes a link of these. */
const LINK = /:\/\/|\bwww\.|[\p{L}\p{N}-]+\.\p{L}{2,}\//iu;
/** An address of a site or a mailbox; not `J.R.` and not `Dr.Schmidt`. */
const DOMAIN =
  /@|[\p{L}\p{N}-]{3,}\.\p{Ll}{2,}|[\p{L}\p{N}-]\.(?:app|at|biz|ch|click|co|com|de|dev|eu|info|io|link|me|net|online|org|ru|shop|site|store|top|tv|uk|us|xyz)(?![\p{L}\p{N}])/u;

export type TextFault = 'field-too-long' | 'field-has-link' | 'field-invalid';

/** What is wrong with a line of free text that may stand in pages, exports and a CRM later (T13, T14). */
export function textFault(text: string, kind: 'person' | 'company'): TextFault | undefined {
  if (UNPRINTABLE.test(text)) return 'field-invalid';
  const line = tidyText(text);
  if ([...line].length > MAX_LENGTH) return 'field-too-long';
  const plain = line.normalize('NFKC').replace(TITLES, ' ');
  if (LINK.test(plain)) return 'field-has-link';
  // Companies are called "Booking.com B.V."; people are not.
  return kind === 'person' && (DOMAIN.test(plain) || DOMAIN.test(plain.toLowerCase()))
    ? 'field-has-link'
    : undefined;
}

/** The line as we keep it: composed letters, single spaces. */
export function tidyText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}
