import * as z from 'zod';

import type { Contact } from '../contacts/contact.ts';
import type { LoadDeps } from '../decision/load-known.ts';
import { errorFields, log } from '../platform/log.ts';
import { loadPage } from './load-page.ts';
import type { Loaded } from './load-page.ts';
import type { ScoreMove } from './score-tally.ts';
import type { Mark } from './tally.ts';

/** What one contact is to a job: `listed` ones are its result. */
export type Judged = { listed: boolean; marks?: Mark[]; moved?: ScoreMove };
/** `failed`: damaged, or beyond judgement; it is told by its id and the others go on. */
export type Outcome = { id: string } & (Judged | { failed: true });
/** What a job makes of a page of contacts; opened once for many pages. */
export type Judge = (contacts: readonly Contact[]) => Promise<Outcome[]>;

const AT_ONCE = 10;

/** Judges by what decisions rest on, which is read for a whole page in as few calls as can be. */
export function byPage(deps: LoadDeps, judge: (loaded: Loaded) => Judged): Judge {
  const judgePage: Judge = async (contacts) => {
    try {
      const loaded = await loadPage(deps, contacts);
      return loaded.map((each) => judgeOne(each.contact.id, () => judge(each)));
    } catch (error) {
      if (!isDamage(error)) throw error;
      const [only, ...others] = contacts;
      if (only && others.length === 0) return [{ id: only.id, failed: true }];
      // Something beside one of them is damaged: each for itself, so that it takes nobody along.
      const alone: Outcome[] = [];
      for (const each of contacts) alone.push(...(await judgePage([each])));
      return alone;
    }
  };
  return judgePage;
}

/** Judges by what is read, or done, for each contact alone: ten at a time. */
export function oneByOne<L>(load: (contact: Contact) => Promise<L>, judge: (loaded: L) => Judged): Judge {
  const judgeAlone = async (contact: Contact): Promise<Outcome> => {
    try {
      const loaded = await load(contact);
      return judgeOne(contact.id, () => judge(loaded));
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { id: contact.id, failed: true };
    }
  };
  return async (contacts) => {
    const outcomes: Outcome[] = [];
    for (let from = 0; from < contacts.length; from += AT_ONCE) {
      outcomes.push(...(await Promise.all(contacts.slice(from, from + AT_ONCE).map(judgeAlone))));
    }
    return outcomes;
  };
}

/** Storage may be well again at the next run; what is damaged stays so. */
function isDamage(error: unknown): boolean {
  return error instanceof z.ZodError;
}

function judgeOne(id: string, judge: () => Judged): Outcome {
  try {
    return { id, ...judge() };
  } catch (error) {
    log('warn', 'job-contact-failed', { contactId: id, ...errorFields(error) });
    return { id, failed: true };
  }
}
