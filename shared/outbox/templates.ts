import type { Instant } from '../platform/clock.ts';
import type { Choices } from '../permission/evidence.ts';
import type { Brand } from '../settings/brand.ts';
import type { Language } from '../settings/language.ts';

/** A rendered mail and the template version it came from. */
export type RenderedMail = { template: string; subject: string; html: string; text: string };
/** One use in words: what it is called, what was declared, which topics. */
export type UseItem = { name: string; wording: string; topics: string[] };
type Common = { brand: Brand; language: Language };

/** What `mail` can write; the templates themselves are in `web/mail`. */
export type MailTemplates = {
  /** Double opt-in: nothing holds before the click. */
  confirmation(
    input: Common & {
      signedUpAt: Instant;
      formTitle: string;
      items: UseItem[];
      alreadyGranted: UseItem[];
      confirmUrl: string;
      notMeUrl: string;
    },
  ): RenderedMail;
  /** Confirmed opt-in: holds from now on; `pending` still needs the click. */
  registered(
    input: Common & {
      signedUpAt: Instant;
      formTitle: string;
      items: UseItem[];
      pending: UseItem[];
      confirmUrl: string;
      notMeUrl: string;
    },
  ): RenderedMail;
  alreadyRegistered(
    input: Common & { formTitle: string; items: UseItem[]; choicesUrl: string },
  ): RenderedMail;
  welcome(input: Common & { items: UseItem[]; choicesUrl: string; unsubscribeUrl: string }): RenderedMail;
  /** Opens the profile, by a link in the browser that asked or by a code on another device (T4). */
  logIn(input: Common & { at: Instant; device: string; loginUrl: string; code: string }): RenderedMail;
  /** What somebody did on the choices page, and the way back. */
  choicesReceipt(
    input: Common & {
      at: Instant;
      noAdvertising: boolean;
      joined: string[];
      left: string[];
      choices: Choices;
      undoUrl: string;
    },
  ): RenderedMail;
  /** To an address that somebody gave as their new one: nothing changes before the click (D3). */
  newAddress(input: Common & { at: Instant; confirmUrl: string }): RenderedMail;
  /** To somebody whose request was answered. */
  requestAnswered(input: Common & { number: string; askedAt: Instant; loginUrl: string }): RenderedMail;
  /** To the address that was the person's before. */
  addressNotice(input: Common & { at: Instant; newAddress: string }): RenderedMail;
  unsubscribeReceipt(input: Common & { at: Instant; gone: UseItem[]; undoUrl: string }): RenderedMail;
};

/** What a sign-up is answered with. */
export type SignupTemplates = Pick<MailTemplates, 'confirmation' | 'registered' | 'alreadyRegistered'>;
