import type { Contact } from '../contacts/contact.ts';
import type { Choices } from './evidence.ts';

/** The profile that changed wishes come to; what is undefined goes. */
export function wishesOf({ wish, pausedUntil, language }: Choices) {
  return {
    ...(wish ? { wish: wish.to } : {}),
    ...(pausedUntil ? { pausedUntil: pausedUntil.to } : {}),
    ...(language?.to ? { language: language.to, languageFrom: 'person' as const } : {}),
  };
}

/** The way back from changed wishes, as far as they are still as they were changed. */
export function wishesBack(changed: Choices, contact: Contact): Choices {
  const back: Choices = {};
  for (const name of ['wish', 'pausedUntil', 'language'] as const) {
    const change = changed[name];
    if (change && contact[name] === change.to) {
      Object.assign(back, { [name]: { from: change.to, to: change.from } });
    }
  }
  return back;
}
