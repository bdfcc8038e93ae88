import { AppError } from '../platform/errors.ts';
import type { Instant } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import { stopAt } from './guard.ts';
import type { Question, Settled } from './take-snapshot.ts';

export type AskDeps = { db: Database; settings: Pick<Settings, 'brand' | 'uses' | 'policy'> };
export type Asked = { brand: string; use: string; topic?: string | undefined };

/**
 * A question about one use of one brand of a controller, with what answers it for any contact.
 * @throws AppError `not-found` for a brand of somebody else, `invalid` for a use or topic that is not in the catalogue
 */
export async function ask(
  deps: AskDeps,
  controller: string,
  asked: Asked,
  at: Instant,
): Promise<{ question: Question; settled: Settled }> {
  const brand = await deps.settings.brand(asked.brand);
  if (brand?.controller.id !== controller) throw new AppError('not-found', 'there is no such brand');
  const [uses, policy] = await Promise.all([
    deps.settings.uses(controller),
    deps.settings.policy(controller),
  ]);
  const use = uses.uses.find(({ id }) => id === asked.use);
  if (!use) throw unknown('/use', 'no use of the catalogue');
  const { topic } = asked;
  if (topic !== undefined && !uses.topics.some((each) => each.id === topic && each.use === use.id)) {
    throw unknown('/topic', 'no topic of this use');
  }
  const stopped = use.channel === 'email' ? await stopAt(deps.db, brand.id, use.id, at) : undefined;
  return { question: { brand, use, topic, at }, settled: { uses, policy, stopped } };
}

function unknown(pointer: string, detail: string): AppError {
  return new AppError('invalid', 'the question names something that is not set', {
    errors: [{ pointer, detail, code: 'unknown' }],
  });
}
