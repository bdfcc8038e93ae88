import * as z from 'zod';

import { accountClass } from './account-class.ts';
import { settingId } from './brand.ts';
import { localized } from './language.ts';
import type { Language } from './language.ts';

export const CHANNELS = ['email', 'phone', 'post'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A named way of contacting somebody, or of using their data (DOMAIN 1). */
const use = z.object({
  id: settingId,
  /** `data` uses (tracking, profiling) send nothing themselves. */
  channel: z.enum([...CHANNELS, 'data']),
  /** Personal uses stay open to the owner of the contact when bulk uses are blocked. */
  bulk: z.boolean(),
  /** Only for contacts of accounts of these classes (`partner-information`); absent: for all. */
  classes: z.array(accountClass).min(1).optional(),
  name: localized,
  /** One line: what somebody gets who agrees. */
  description: localized,
});

/** An interest inside a use, chosen by the person. */
const topic = z.object({
  id: settingId,
  use: settingId,
  name: localized,
  description: localized,
  /** Own similar goods that an existing customer may be told about (G2). */
  productGroup: settingId.optional(),
});

/** All uses and topics of a controller. */
export const uses = z.object({ id: settingId, uses: z.array(use).min(1), topics: z.array(topic) });
export type Uses = z.infer<typeof uses>;
export type Use = z.infer<typeof use>;
type Topic = z.infer<typeof topic>;

/** What a use is called, or its id where there is none of that id any more. */
export function useName({ uses }: Pick<Uses, 'uses'>, useId: string, language: Language): string {
  return nameIn(uses, useId, language);
}

/** As `useName`, of a topic. */
export function topicName({ topics }: Pick<Uses, 'topics'>, topicId: string, language: Language): string {
  return nameIn(topics, topicId, language);
}

function nameIn(all: readonly (Use | Topic)[], wanted: string, language: Language): string {
  return all.find(({ id }) => id === wanted)?.name[language] ?? wanted;
}

/** Uses as the catalogue lists them, those no longer in it last: a map read from the table has no order of its own. */
export function inCatalogueOrder(uses: Uses, useIds: readonly string[]): string[] {
  const known = uses.uses.map(({ id }) => id).filter((id) => useIds.includes(id));
  return [...known, ...useIds.filter((id) => !known.includes(id)).sort()];
}

/** Data uses need the person's click under every model (DOMAIN 3). */
export function isDataUse(uses: Uses, useId: string): boolean {
  return uses.uses.some(({ id, channel }) => id === useId && channel === 'data');
}
