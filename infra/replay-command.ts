import { parseArgs } from 'node:util';

import * as z from 'zod';

import { PLACE_OPTIONS, toPlace } from './place.ts';
import type { Place } from './place.ts';
import { CONSUMERS } from './replay-shapes.ts';
import type { ReplayWish, Replayed, StreamConsumer } from './replay-shapes.ts';

export const USAGE = `Usage: npm run replay -- FUNCTION [--dry-run] [--drop-forgotten]
Where: --local (the default) [--data DIR], or --stage STAGE [--region REGION]
FUNCTION: ${CONSUMERS.join(', ')}`;

/** What to do where a record is past reading again: the present state is still there. */
const INSTEAD = {
  score:
    'Scores rest on the present state: any change of the contact, an event of it, or a recalculation of all scores sets them right.',
  mail: 'Nothing is lost: what is still to be sent lies in the outbox and is tried again when it is due.',
  publish:
    'The welcome mail or receipt of one act was not written; the act itself is recorded. See the evidence of that time.',
} as const satisfies Record<StreamConsumer, string>;

const SAYS = {
  waits: 'waits',
  done: 'done',
  failed: 'failed again, and stays',
  forgotten: 'is no longer in the stream, and stays',
  dropped: 'is no longer in the stream, and was dropped',
  unreadable: 'is not the failure of a stream record, and stays',
} as const satisfies Record<Replayed['outcome'], string>;

/** What is to be replayed, and where. Throws with what is wrong. */
export function readReplayArguments(args: readonly string[]): { wish: ReplayWish; place: Place } {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...PLACE_OPTIONS, 'dry-run': flag, 'drop-forgotten': flag },
  });
  const [name, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`too many words: ${rest.join(' ')}`);
  const consumer = z
    .enum(CONSUMERS, {
      error:
        name === undefined ? 'which function?' : `${name} is not fed by a stream: ${CONSUMERS.join(', ')}`,
    })
    .parse(name);
  const wish = { function: consumer, dryRun: values['dry-run'], dropForgotten: values['drop-forgotten'] };
  return { wish, place: toPlace(values) };
}

/** One record in one line. */
export function lineOf({ outcome, shard, sequence, at }: Replayed): string {
  return [at, shard, sequence, SAYS[outcome]].filter(Boolean).join('  ');
}

/** The sum of a run, what can be done about the rest, and whether anything stays that needs somebody. */
export function sumUp(all: readonly Replayed[], wish: ReplayWish): { text: string; failed: boolean } {
  const count = (...outcomes: Replayed['outcome'][]) =>
    all.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const [left, forgotten] = [count('waits', 'failed', 'forgotten', 'unreadable'), count('forgotten')];
  const advice = [
    count('failed') > 0 ? `The log of ${wish.function} says why records failed.` : '',
    count('forgotten', 'dropped') > 0 ? `Streams remember 24 hours. ${INSTEAD[wish.function]}` : '',
    forgotten > 0 && !wish.dryRun ? 'Then --drop-forgotten takes them out of the queue.' : '',
  ];
  const sum =
    all.length === 0
      ? `Nothing waits in the failure queue of ${wish.function}.`
      : `${count('done')} done, ${left} left.`;
  return { text: [sum, ...advice.filter(Boolean)].join('\n'), failed: !wish.dryRun && left > 0 };
}
