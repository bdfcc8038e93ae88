import * as z from 'zod';

/** What a post carries besides the visitor's own words. */
export type SignupControls = {
  /** The form's signed timestamp. */
  token: string | undefined;
  language: string | undefined;
  /** The field that people leave alone was filled in. */
  trapped: boolean;
  /** Stays with an address that looked like a typo. */
  acceptAddress: boolean;
  challenge: string | undefined;
};

const text = z.string().optional().catch(undefined);
const controls = z
  .object({
    ts: text,
    lang: text,
    website: z.unknown().optional(),
    email: text,
    keepEmail: text,
    acceptAddress: z.unknown().optional(),
    challenge: text,
  })
  .transform(({ ts, lang, website, email, keepEmail, acceptAddress, challenge }): SignupControls => ({
    token: ts || undefined,
    language: lang,
    trapped: website !== undefined && website !== '',
    // The page repeats the address it asked about; another one typed since deserves its own hint.
    acceptAddress:
      acceptAddress === true ||
      acceptAddress === 'true' ||
      (!!keepEmail && keepEmail.trim() === email?.trim()),
    challenge,
  }));

/** Reads the controls of a post; wrong shapes count as absent here and are named by `parseSignup`. */
export function readControls(raw: Record<string, unknown>): SignupControls {
  return controls.parse(raw);
}
