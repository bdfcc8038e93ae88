import { now } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import { classifyBounce, suppressionNews } from './bounce-rules.ts';
import { noteMailNews } from './note-mail-news.ts';
import type { SesEvent } from './ses-event.ts';
import { object, recipientKey, tellNews } from './tell-news.ts';
import type { TellDeps } from './tell-news.ts';

/**
 * Makes true what an SES event says: of the address, of the permission, of the mail. In any order and any number of
 * times the same events end in the same state (V7).
 * Mail without our tags is counted and otherwise left alone.
 */
export async function receiveEvent(deps: TellDeps, event: SesEvent): Promise<void> {
  report(event);
  if (!event.tenant) return;
  for (const { recipient, news } of suppressionNews(event)) {
    const key = await recipientKey(deps, event.tenant, recipient);
    if (key) await tellNews(deps, event.tenant, key, news);
  }
  for (const recipient of revokedBy(event)) {
    const key = await recipientKey(deps, event.tenant, recipient);
    if (key) await object(deps, event.tenant, key, event.at);
  }
  await noteMailNews(deps, event);
}

/** Recipients who unsubscribed with SES itself, should somebody have switched that on (V3). */
function revokedBy(event: SesEvent): string[] {
  if (event.kind !== 'bounce') return [];
  const { bounceType, bounceSubType } = event;
  return event.bounced
    .filter((bounced) => classifyBounce({ bounceType, bounceSubType, ...bounced }).effect === 'revoke')
    .map(({ recipient }) => recipient);
}

/** Figures and alarms; nothing about the person. */
function report(event: SesEvent): void {
  metric('ses-event', 1, { kind: event.kind });
  if (event.kind === 'reject' || event.kind === 'failure') {
    log('error', 'mail-refused-by-ses', { kind: event.kind, messageId: event.messageId });
    metric('mail-refused-by-ses', 1, { kind: event.kind });
  }
  if (event.kind !== 'bounce') return;
  for (const bounced of event.bounced) {
    const { bounceType, bounceSubType } = event;
    const verdict = classifyBounce({ bounceType, bounceSubType, ...bounced });
    log('info', 'bounce', { messageId: event.messageId, effect: verdict.effect, at: now() });
    if (verdict.attention !== 'none') metric('bounce-needs-attention', 1, { effect: verdict.effect });
  }
}
