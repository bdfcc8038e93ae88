import * as z from 'zod';

import { demoBrand } from '../../../shared/settings/demo.ts';
import { CONFIGURATION_SET } from '../environment.ts';

const MAILING = 'sample';
const USE = 'newsletter';
const TOPIC = 'drives';

/** What is sent, or why it is not. */
export type SampleOutcome = { messageId: string } | { refused: string };
type Around = { baseUrl: string; apiKey: string; sesEndpoint: string };

const decided = z.object({
  results: z.array(
    z.object({
      sendId: z.string().optional(),
      reason: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
});
const linked = z.object({
  results: z.array(
    z.object({
      unsubscribeUrl: z.string(),
      preferencesUrl: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  ),
});
const accepted = z.object({ MessageId: z.string() });

/**
 * Sends a mailing the way another system does: asks and books the decision, asks for the links, hands the mail to SES
 * with the tags by which news of it finds its way back.
 */
export async function sendSample(to: string, around: Around): Promise<SampleOutcome> {
  const contacts = [{ email: to }];
  const asked = { contacts, brand: demoBrand.id, use: USE };
  const record = { mailing: MAILING, topics: [TOPIC] };
  const [decision] = (await callApi(around, '/v1/decisions', { ...asked, record }, decided)).results;
  if (decision?.sendId === undefined) return { refused: decision?.reason ?? decision?.error ?? 'unknown' };
  const [links] = (await callApi(around, '/v1/links', asked, linked)).results;
  if (!links) return { refused: 'no links' };
  const response = await fetch(`${around.sesEndpoint}/v2/email/outbound-emails`, {
    method: 'POST',
    body: JSON.stringify(toRequest(to, decision.sendId, links)),
  });
  if (!response.ok) return { refused: `SES: ${response.headers.get('x-amzn-errortype') ?? response.status}` };
  return { messageId: accepted.parse(await response.json()).MessageId };
}

async function callApi<S extends z.ZodType>(
  { baseUrl, apiKey }: Around,
  path: string,
  body: object,
  schema: S,
): Promise<z.infer<S>> {
  const response = await fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return schema.parse(answer);
}

type Links = z.infer<typeof linked>['results'][number];

function toRequest(to: string, sendId: string, { unsubscribeUrl, preferencesUrl, headers }: Links) {
  const { sender, controller, website } = { ...demoBrand, website: 'https://www.nordlicht.example' };
  const shown = [
    [`${website}/antriebe`, 'Neue Antriebe für kleine Anlagen'],
    [`${website}/wartung`, 'Wartung: Was Sie selbst prüfen können'],
    [`${website}/messe`, 'Besuchen Sie uns auf der Messe'],
    [preferencesUrl, 'Einstellungen'],
    [unsubscribeUrl, 'Abmelden'],
  ] as const;
  // No person sees it; whoever follows it is a machine.
  const trap = `<a href="${website}/stand" ses:tags="trap:1;" style="display:none" aria-hidden="true" tabindex="-1">.</a>`;
  const list = shown.map(([href, text]) => `<li><a href="${href}">${text}</a></li>`).join('');
  const tags = {
    tenant: controller.id,
    purpose: USE,
    mailing: MAILING,
    sendId,
    links: String(shown.length + 1),
  };
  return {
    FromEmailAddress: `${sender.name} <${sender.address}>`,
    Destination: { ToAddresses: [to] },
    ReplyToAddresses: [sender.replyTo],
    Content: {
      Simple: {
        Subject: { Data: 'Neues aus der Antriebstechnik' },
        Body: {
          Html: { Data: `<html lang="de"><body><p>Guten Tag,</p><ul>${list}</ul>${trap}</body></html>` },
          Text: { Data: shown.map(([href, text]) => `${text}: ${href}`).join('\n') },
        },
        Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
      },
    },
    EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
    ConfigurationSetName: CONFIGURATION_SET,
  };
}
