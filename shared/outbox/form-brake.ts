import { HOUR, MINUTE, plus, toMs, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import type { Database } from '../platform/table.ts';
import type { Limits } from '../settings/limits.ts';
import { noteAttack, takeSlot } from './store.ts';

/**
 * Gives a form's next confirmation mail its place in time: at once within a free burst, then spread at a fixed
 * rate (generic cell rate algorithm), so that an attack is slowed down and no honest sign-up is lost (T7).
 */
export async function formSlot(db: Database, formId: string, at: Instant, limits: Limits): Promise<Instant> {
  const interval = MINUTE / limits.formMailsPerMinute;
  const tolerance = interval * limits.formBurst;
  const used = await takeSlot(db, formId, toMs(at), interval, toTtl(plus(at, 2 * 24 * HOUR)));
  const wait = used - toMs(at) - tolerance;
  if (wait <= 0) return at;
  await raiseAlarm(db, formId, at, wait, limits);
  return plus(at, Math.ceil(wait));
}

/** One alarm an hour and form, with the figures. */
async function raiseAlarm(
  db: Database,
  formId: string,
  at: Instant,
  waitMs: number,
  limits: Limits,
): Promise<void> {
  if (!(await noteAttack(db, formId, at, plus(at, HOUR)))) return;
  const figures = {
    form: formId,
    waitMs: Math.ceil(waitMs),
    burst: limits.formBurst,
    mailsPerMinute: limits.formMailsPerMinute,
  };
  log('warn', 'form-under-attack', figures);
  metric('form-under-attack', 1, { form: formId }, { waitMs: figures.waitMs });
}
