import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { consumeGroups, consumeStream } from '../../shared/platform/stream.ts';
import type { Change } from '../../shared/platform/stream.ts';

/** A record as DynamoDB streams hand it over; `pk` tells the item, `n` its state. */
function recordOf(sequence: number, pk: string, n: number, eventName = 'MODIFY') {
  return {
    eventName,
    dynamodb: {
      Keys: marshall({ pk, sk: 'S' }),
      ...(eventName === 'REMOVE' ? {} : { NewImage: marshall({ pk, sk: 'S', n }) }),
      SequenceNumber: String(sequence),
    },
  };
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

let logged: string[] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => logged.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

describe('a stream batch', () => {
  test('tells what happened to which item and how it is now', async () => {
    const seen: Change[] = [];
    const Records = [recordOf(1, 'a', 1, 'INSERT'), recordOf(2, 'a', 2), recordOf(3, 'a', 0, 'REMOVE')];
    const answer = await consumeStream({ Records }, (change) => Promise.resolve(void seen.push(change)));
    expect(answer).toEqual({ batchItemFailures: [] });
    const key = { pk: 'a', sk: 'S' };
    expect(seen).toEqual([
      { kind: 'INSERT', key, before: undefined, after: { ...key, n: 1 } },
      { kind: 'MODIFY', key, before: undefined, after: { ...key, n: 2 } },
      { kind: 'REMOVE', key, before: undefined, after: undefined },
    ]);
  });

  test('may be empty', async () => {
    const answer = await consumeStream({ Records: [] }, () => Promise.reject(new Error('never called')));
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test('runs items side by side', async () => {
    const Records = ['a', 'b', 'c'].map((pk, at) => recordOf(at, pk, 1));
    const started: string[] = [];
    const gate = Promise.withResolvers<void>();
    const answer = consumeStream({ Records }, ({ key }) => {
      started.push(key.pk);
      if (started.length === 3) gate.resolve();
      return gate.promise;
    });
    expect(await answer).toEqual({ batchItemFailures: [] });
    expect(started).toEqual(['a', 'b', 'c']);
  });

  test('runs the changes of one item one after the other', async () => {
    const Records = [1, 2, 3].map((n) => recordOf(n, 'a', n));
    const events: string[] = [];
    await consumeStream({ Records }, async ({ after }) => {
      events.push(`begin ${String(after?.['n'])}`);
      await tick();
      events.push(`end ${String(after?.['n'])}`);
    });
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  test('N6 names the earliest failure, whichever item fails first in time', async () => {
    const Records = [recordOf(11, 'a', 1), recordOf(12, 'b', 1), recordOf(13, 'c', 1), recordOf(14, 'd', 1)];
    const answer = await consumeStream({ Records }, async ({ key }) => {
      if (key.pk === 'b') await tick();
      if (key.pk !== 'a') throw new Error('poison');
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
    expect(logged).toHaveLength(3);
    expect(logged[0]).toContain('"event":"stream-record-failed"');
  });

  test('N6 every order of failures: the first one is named, nothing of its item runs after it, other items finish', async () => {
    const step = fc.record({ pk: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const ran: number[] = [];
        const Records = steps.map(({ pk }, at) => recordOf(at + 100, pk, at));
        const answer = await consumeStream({ Records }, async ({ after }) => {
          const at = Number(after?.['n']);
          ran.push(at);
          if (at % 2) await tick();
          if (steps[at]?.fails) throw new Error('poison');
        });
        const first = steps.findIndex(({ fails }) => fails);
        expect(answer.batchItemFailures).toEqual(first < 0 ? [] : [{ itemIdentifier: String(first + 100) }]);
        const expected = [...steps.keys()].filter(
          (at) => !steps.some(({ pk, fails }, before) => before < at && fails && pk === steps[at]?.pk),
        );
        expect(ran.sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a batch for a consumer of the present state', () => {
  const owner = { groupOf: ({ pk }: { pk: string }) => pk, concerns: () => true };

  test('feeds each owner once, however many changes it has', async () => {
    const seen: string[] = [];
    const Records = [recordOf(1, 'a', 1), recordOf(2, 'b', 1), recordOf(3, 'a', 2)];
    const answer = await consumeGroups({ Records }, owner, ({ pk }) => Promise.resolve(void seen.push(pk)));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(['a', 'b']);
  });

  test('feeds no owner whose changes concern nobody', async () => {
    const seen: string[] = [];
    const Records = [recordOf(1, 'a', 1), recordOf(2, 'b', 1), recordOf(3, 'a', 2)];
    const concerned = { ...owner, concerns: ({ after }: Change) => after?.['n'] === 2 };
    await consumeGroups({ Records }, concerned, ({ pk }) => Promise.resolve(void seen.push(pk)));
    expect(seen).toEqual(['a']);
  });

  test('N6 names the earliest record of those that failed, and the others are done', async () => {
    const done: string[] = [];
    const Records = ['a', 'c', 'b', 'c', 'b'].map((pk, at) => recordOf(at + 1, pk, at));
    const answer = await consumeGroups({ Records }, owner, async ({ pk }) => {
      await tick();
      if (pk !== 'a') throw new Error(`poison ${pk}`);
      done.push(pk);
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(done).toEqual(['a']);
  });
});
