import * as z from 'zod';

/** What became of one contact in one use. */
export const OUTCOMES = [
  'allowed',
  'refused',
  'wins',
  'loses',
  'stays-allowed',
  'stays-refused',
  'unclear',
  'open',
  'granted',
  'withdrawn',
  'blocked',
] as const;
export const mark = z.object({
  brand: z.string(),
  use: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Of a refusal: the first reason. Of somebody who wins: why it was refused before. */
  reason: z.string().optional(),
});
export type Mark = z.infer<typeof mark>;
export const tally = mark.extend({ count: z.int().positive(), samples: z.array(z.string()) });
export type Tally = z.infer<typeof tally>;

/** Ids shown per line, and in all: a job is one item, and an item has an end (N9). */
const SAMPLES = 20;
const ALL_SAMPLES = 2_000;

/** Nobody looks for those whom a change leaves as they are. */
const UNSHOWN = new Set<Mark['outcome']>(['stays-allowed', 'stays-refused']);

/** The tallies with one page more. Each contact counts once per mark; the first ones are shown as samples. */
export function addMarks(
  known: readonly Tally[],
  page: readonly { id: string; marks?: readonly Mark[] }[],
): Tally[] {
  const tallies = new Map(known.map((each) => [nameOf(each), { ...each, samples: [...each.samples] }]));
  let samples = known.reduce((sum, each) => sum + each.samples.length, 0);
  for (const { id, marks = [] } of page) {
    for (const each of marks) {
      const name = nameOf(each);
      const line: Tally = tallies.get(name) ?? { ...each, count: 0, samples: [] };
      tallies.set(name, line);
      line.count += 1;
      if (UNSHOWN.has(each.outcome) || line.samples.length >= SAMPLES || samples >= ALL_SAMPLES) continue;
      line.samples.push(id);
      samples += 1;
    }
  }
  return [...tallies.values()];
}

function nameOf({ brand, use, outcome, reason }: Mark): string {
  return [brand, use, outcome, reason].join('#');
}
