import type { Contact, ContactFrequency } from '../contacts/contact.ts';
import { keys } from '../platform/keys.ts';
import type { Update } from '../platform/table.ts';

/**
 * Writes what was sent or reserved, if all that it was decided on is still so: the slots, the permissions and the
 * person's wishes. A withdrawal or a slot taken meanwhile refuses it (U11).
 * @param lastUses of all uses, where one was used
 */
export function updateFrequency(
  before: Contact,
  frequency: ContactFrequency,
  lastUses?: Contact['lastUses'],
): Update {
  return unlessChanged(before, `SET frequency = :frequency${lastUses ? ', lastUses = :lastUses' : ''}`, {
    ':frequency': frequency,
    ...(lastUses ? { ':lastUses': lastUses } : {}),
  });
}

/** Writes what the score says of a contact, and what that leaves of its frequency, under the same condition. */
export function updateAffinity(
  before: Contact,
  { highAffinity, frequency }: { highAffinity: boolean; frequency: Contact['frequency'] },
): Update {
  const sets = [
    ...(frequency === before.frequency ? [] : ['frequency = :frequency']),
    ...(highAffinity ? ['highAffinity = :high'] : []),
  ];
  const set = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(highAffinity ? [] : ['REMOVE highAffinity']),
  ].join(' ');
  return unlessChanged(before, set, {
    ...(frequency === before.frequency ? {} : { ':frequency': frequency }),
    ...(highAffinity ? { ':high': true } : {}),
  });
}

function unlessChanged(before: Contact, set: string, values: Record<string, unknown>): Update {
  const { head, rev, frequency: known } = before;
  const conditions = [
    '#head.seq = :seq',
    rev === undefined ? 'attribute_not_exists(rev)' : 'rev = :rev',
    known === undefined ? 'attribute_not_exists(frequency)' : 'frequency.rev = :known',
  ];
  return {
    update: 'contacts',
    key: keys.contact(before.id),
    set,
    condition: conditions.join(' AND '),
    names: { '#head': 'head' },
    values: {
      ':seq': head.seq,
      ...(rev === undefined ? {} : { ':rev': rev }),
      ...(known === undefined ? {} : { ':known': known.rev }),
      ...values,
    },
  };
}
