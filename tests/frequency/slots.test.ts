import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { ContactFrequency, FrequencySlot } from '../../shared/contacts/contact.ts';
import { nextSlot } from '../../shared/frequency/next-slot.ts';
import { countedSlots, withSlot, withoutReservation } from '../../shared/frequency/slots.ts';
import { DAY, HOUR, MINUTE, plus } from '../../shared/platform/clock.ts';
import { demoUses } from '../../shared/settings/demo.ts';

const START = '2026-11-01T08:00:00.000Z';
const newsletter = demoUses.uses[0];
if (!newsletter) throw new Error('the demo has no uses');
const slot = (at: string, more: Partial<FrequencySlot> = {}): FrequencySlot => ({
  at,
  channel: 'email',
  brand: 'nordlicht',
  use: 'newsletter',
  ...more,
});
const reserved = (at: string, id: string) => slot(at, { reservation: { id, until: plus(at, 15 * MINUTE) } });
const counted = (slots: FrequencySlot[], at: string, own?: string) =>
  countedSlots({ frequency: { rev: 1, slots } }, demoUses, { brand: 'nordlicht', use: newsletter, at, own });

describe('slots that count', () => {
  test('those of the channel over all brands, the owner’s calls left out', () => {
    const at = plus(START, HOUR);
    const slots = [
      slot(START),
      slot(START, { brand: 'polarstern' }),
      slot(START, { channel: 'post', use: 'direct-mail' }),
    ];
    expect(counted(slots, at)).toEqual([
      { at: START, same: true },
      { at: START, same: false },
    ]);
    const call = demoUses.uses.find(({ id }) => id === 'call-centre') ?? newsletter;
    const calls = ['call-centre', 'field-sales', 'gone'].map((use) => slot(START, { channel: 'phone', use }));
    const asked = { brand: 'nordlicht', use: call, at };
    expect(countedSlots({ frequency: { rev: 1, slots: calls } }, demoUses, asked)).toHaveLength(2);
    expect(countedSlots({}, demoUses, asked)).toEqual([]);
  });

  test('a reservation not its own and not run out', () => {
    const slots = [reserved(START, 'a'), reserved(START, 'b')];
    expect(counted(slots, START)).toHaveLength(2);
    expect(counted(slots, START, 'a')).toEqual([{ at: START, same: true, until: plus(START, 15 * MINUTE) }]);
    expect(counted(slots, plus(START, 15 * MINUTE))).toEqual([]);
  });

  test('the list stays short: what is older than a year or ran out goes when one is added', () => {
    const at = plus(START, 366 * DAY);
    const known = { rev: 7, slots: [slot(START), slot(plus(START, 1)), reserved(plus(START, DAY), 'a')] };
    expect(withSlot(known, slot(at), undefined)).toEqual({ rev: 8, slots: [slot(plus(START, 1)), slot(at)] });
    expect(withSlot(undefined, slot(at), undefined)).toEqual({ rev: 1, slots: [slot(at)] });
  });

  test('a reservation is given back or used up once', () => {
    const known = { rev: 1, slots: [reserved(START, 'a')] };
    expect(withoutReservation(known, 'a')).toEqual({ rev: 2, slots: [] });
    expect(withoutReservation(known, 'b')).toBeUndefined();
    expect(withoutReservation(undefined, 'a')).toBeUndefined();
    expect(withSlot(known, slot(START), 'a').slots).toEqual([slot(START)]);
  });
});

/** Two who read, decide and write under the version condition, in any order. */
type Move = { who: 0 | 1; do: 'read' | 'reserve' | 'send' | 'release'; wait: number };
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    who: fc.constantFrom(0, 1),
    do: fc.constantFrom('read', 'reserve', 'reserve', 'send', 'release'),
    wait: fc.integer({ min: 0, max: 20 }),
  }),
  { maxLength: 80 },
);

test('however reads and writes interleave, no window ever holds more than the cap', () => {
  const CAP = { count: 2, days: 7, reason: 'frequency', per: 'channel' } as const;
  fc.assert(
    fc.property(moves, (all) => {
      let stored: ContactFrequency = { rev: 0, slots: [] };
      const seen = [stored, stored];
      const held: string[] = [];
      let at = START;
      for (const [number, { who, do: move, wait }] of all.entries()) {
        at = plus(at, wait * MINUTE);
        const known = seen[who] ?? stored;
        const own = move === 'send' ? held.at(-1) : undefined;
        const write = (next: ContactFrequency | undefined) => {
          if (next && stored.rev === known.rev) stored = next;
        };
        if (move === 'read') seen[who] = stored;
        else if (move === 'release') write(withoutReservation(known, held.pop() ?? ''));
        else if (nextSlot(counted(known.slots, at, own), [CAP], at).free) {
          const id = `r${number}`;
          if (move === 'reserve') held.push(id);
          write(withSlot(known, move === 'reserve' ? reserved(at, id) : slot(at), own));
        }
        const live = counted(stored.slots, at).filter((each) => each.at > plus(at, -7 * DAY));
        expect(live.length).toBeLessThanOrEqual(2);
      }
    }),
    { numRuns: 500 },
  );
});
