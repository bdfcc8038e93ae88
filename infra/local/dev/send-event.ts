import { createSource, findSource } from '../../../shared/engagement/source-store.ts';
import { newestSecret } from '../../../shared/engagement/source.ts';
import { SECOND, now, realMs } from '../../../shared/platform/clock.ts';
import { required } from '../../../shared/platform/config.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { openSecrets } from '../../../shared/platform/secrets.ts';
import type { Database } from '../../../shared/platform/table.ts';
import { signWebhook } from '../../../shared/platform/webhook-signature.ts';
import { demoBrand } from '../../../shared/settings/demo.ts';
import { openSettings } from '../../../shared/settings/store.ts';
import type { EventChoices, SentEvent } from './deps.ts';

const SOURCE = 'demo';
const CONTROLLER = demoBrand.controller.id;

/** What an event of the demo company can be about. */
export async function readEventChoices(db: Database): Promise<EventChoices> {
  const settings = openSettings(db);
  const [{ types }, { topics }] = await Promise.all([
    settings.scoring(CONTROLLER),
    settings.uses(CONTROLLER),
  ]);
  return { types, topics };
}

/** Signs an event as the source `demo` and posts it to the endpoint that all others post to. */
export async function sendEvent(db: Database, event: object): Promise<SentEvent> {
  const source = (await findSource(db, SOURCE)) ?? (await register(db));
  const secret = await newestSecret(openSecrets(), source);
  const body = JSON.stringify(event, null, 2);
  const [id, timestamp] = [newId('msg'), String(Math.floor(realMs() / SECOND))];
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signWebhook(secret, { id, timestamp }, body),
  };
  const path = `/v1/engagements?source=${SOURCE}`;
  const answer = await fetch(required('ASSENT_BASE_URL') + path, { method: 'POST', headers, body });
  return { path, headers, body, status: answer.status, answer: await answer.text() };
}

function register(db: Database) {
  return createSource(db, { id: SOURCE, controller: CONTROLLER, name: 'Page /dev/engagement', at: now() });
}
