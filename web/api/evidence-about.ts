import { buildPack } from '../../shared/evidence/build-pack.ts';
import type { PackDeps } from '../../shared/evidence/build-pack.ts';
import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { lastGrant } from '../../shared/evidence/receipt.ts';
import type { About } from '../../shared/evidence/receipt.ts';
import { tellStory } from '../../shared/evidence/story.ts';
import type { Act, Story } from '../../shared/evidence/story.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { RESTING, modelFor } from '../../shared/permission/models.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { log } from '../../shared/platform/log.ts';
import type { Language } from '../../shared/settings/language.ts';
import { topicName, useName } from '../../shared/settings/uses.ts';
import type { Caller } from './endpoint.ts';

/** One use of one contact, in a language. */
export type Asked = {
  params: { id: string };
  query: { use: string; brand?: string | undefined; lang?: Language | undefined };
  caller: Caller;
  at: Instant;
};

/** What a topic is called, or its id where there is none of that id any more. */
export type TopicName = (topic: string) => string;

/** All evidence about a contact, as far as the caller may read it; who read it is logged (T15). */
export async function readPack(
  deps: PackDeps,
  { params: { id: contactId }, caller, at }: Pick<Asked, 'params' | 'caller' | 'at'>,
): Promise<EvidencePack> {
  const { controller, scopes, keyId } = caller;
  const mayReadHold = scopes.includes('evidence:legal');
  const pack = await buildPack(deps, { contactId, controller, mayReadHold, at });
  log('info', 'evidence-read', { contactId, key: keyId, mayReadHold });
  return pack;
}

/**
 * What is known about one use of one brand, with the words for it.
 * @throws AppError `not-found` where there is no such contact of this controller, or nothing about this use
 */
export async function readAbout(
  deps: PackDeps,
  asked: Asked,
): Promise<About & { language: Language; topicName: TopicName }> {
  const { params, query } = asked;
  const { controller } = asked.caller;
  const { use } = query;
  const pack = await readPack(deps, asked);
  const changed = pack.entries.flatMap(({ changes }) => changes).find((change) => change['use'] === use);
  const brandId = query.brand ?? changed?.['brand'];
  const brand = typeof brandId === 'string' ? await deps.settings.brand(brandId) : undefined;
  if (brand?.controller.id !== controller) throw nothing();
  const contact = await readContact(deps.db, params.id);
  const resting = RESTING[modelFor(brand, contact?.country)];
  const story = tellStory(pack, { brand: brand.id, use, resting }, contact);
  if (story.acts.length === 0) throw nothing();
  const language = query.lang ?? brand.language;
  const catalogue = await deps.settings.uses(controller);
  return {
    pack,
    story,
    brand,
    useName: useName(catalogue, use, language),
    language,
    topicName: (topic) => topicName(catalogue, topic, language),
  };
}

/** @throws AppError `not-found` where nothing was ever granted, so that there is nothing to confirm */
export function readGrant(story: Story): Act {
  const grant = lastGrant(story);
  if (!grant) throw nothing();
  return grant;
}

function nothing(): AppError {
  return new AppError('not-found', 'nothing is on record about this use');
}
