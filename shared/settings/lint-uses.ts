import { pointerTo } from '../platform/json-pointer.ts';
import type { Around } from './around.ts';
import { found } from './findings.ts';
import type { Finding } from './findings.ts';
import type { Uses } from './uses.ts';

/** Ids and references of a catalogue, and what forms, grants and evidence still refer to. */
export function lintUses(catalogue: Uses, previous: Uses | undefined, { own }: Around): Finding[] {
  const uses = catalogue.uses.map(({ id }) => id);
  const topics = catalogue.topics.map(({ id }) => id);
  return [
    ...twice(uses, 'uses'),
    ...twice(topics, 'topics'),
    ...catalogue.topics.flatMap(({ use }, at) =>
      uses.includes(use)
        ? []
        : [found('unknown-use', pointerTo('topics', String(at), 'use'), 'The catalogue has no such use.')],
    ),
    ...own.forms.flatMap((form) => [
      ...form.uses.flatMap(({ use }) => (uses.includes(use) ? [] : [offered('/uses', use, form.id)])),
      ...form.topics.flatMap((topic) => (topics.includes(topic) ? [] : [offered('/topics', topic, form.id)])),
    ]),
    ...catalogue.uses.flatMap(({ id, channel }, at) => {
      const before = previous?.uses.find((use) => use.id === id)?.channel;
      if (before === undefined || before === channel) return [];
      // What was agreed to for one channel would count for another (G3).
      const detail = `Consents to ${id} were given for ${before}; make a new use.`;
      return [found('channel-changed', pointerTo('uses', String(at), 'channel'), detail)];
    }),
  ];
}

function twice(ids: readonly string[], list: string): Finding[] {
  return ids.flatMap((id, at) =>
    ids.indexOf(id) === at
      ? []
      : [found('duplicate-id', pointerTo(list, String(at), 'id'), `${id} is listed before.`)],
  );
}

function offered(pointer: string, id: string, form: string): Finding {
  return found('offered-by-form', pointer, `The form ${form} still offers ${id}.`);
}
