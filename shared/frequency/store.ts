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
  const { head, rev, frequency: known } = before;
  const conditions = [
    '#head.seq = :seq',
    rev === undefined ? 'attribute_not_exists(rev)' : 'rev = :rev',
    known === undefined ? 'attribute_not_exists(frequency)' : 'frequency.rev = :known',
  ];
  return {
    update: 'contacts',
    key: keys.contact(before.id),
    set: `SET frequency = :frequency${lastUses ? ', lastUses = :lastUses' : ''}`,
    condition: conditions.join(' AND '),
    names: { '#head': 'head' },
    values: {
      ':seq': head.seq,
      ':frequency': frequency,
      ...(rev === undefined ? {} : { ':rev': rev }),
      ...(known === undefined ? {} : { ':known': known.rev }),
      ...(lastUses ? { ':lastUses': lastUses } : {}),
    },
  };
}
