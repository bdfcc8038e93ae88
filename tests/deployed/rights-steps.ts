import assert from 'node:assert/strict';

import { paginateScan } from '@aws-sdk/lib-dynamodb';

import { TABLE_NAMES } from '../../infra/constructs/table-name.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { openDatabase } from '../../shared/platform/table.ts';
import { exportDocument } from '../../shared/export/export.ts';
import { createClient } from '../../web/api/client.ts';
import { pairOf } from './browser.ts';
import { ADDRESS, NEW_ADDRESS, SESSION, assertHeading, pathOf, see } from './preference-steps.ts';
import { ADDRESS as OTHER, known, until } from './steps.ts';
import type { Step, World } from './steps.ts';

const BRAND = 'nordlicht';
const ACTOR = 'k.lund';
const QUESTION = 'Please do not build a profile of me.';

/** What a person can ask for by law, and how other systems see them meanwhile: through the client made for those. */
export const RIGHTS_STEPS: readonly Step[] = [
  {
    name: 'the typed client is told of the decision, the contact and the links of the mails',
    run: async (world) => {
      const client = clientOf(world);
      // The consent counts as proven once SES has reported that its mail arrived.
      await until('a yes to the newsletter', async () =>
        (await decide(world)).reason === 'allowed' ? true : undefined,
      );
      const { data } = await client.call('POST /v1/contacts/lookup', { body: { email: ADDRESS } });
      assert.equal(data.contact.fields.city?.value, 'Kiel');
      const about = { contacts: [{ id: data.contact.id }], brand: BRAND, use: 'newsletter' };
      const [links] = (await client.call('POST /v1/links', { body: about })).data.results;
      assert.ok(links && 'preferencesUrl' in links, JSON.stringify(links));
      assert.equal(new URL(links.preferencesUrl).pathname, known(world.found.choices).split('?')[0]);
    },
  },
  {
    name: 'D2 the export comes as JSON and as a table',
    run: async ({ found }) => {
      const browser = known(found.browser);
      const json = await browser.open('/rights/export.json');
      assert.equal(json.status, 200, json.body.slice(0, 400));
      const document = exportDocument.parse(JSON.parse(json.body));
      assert.equal(document.contact.address, ADDRESS);
      assert.ok(document.acts.some(({ personal }) => personal['address'] === ADDRESS));
      const csv = await browser.open('/rights/export.csv');
      assert.match(String(csv.headers['content-type']), /^text\/csv/);
      assert.match(csv.body, /"fields\.city\.value","Kiel"/);
    },
  },
  {
    name: 'D1 an objection in words waits among the requests, and its answer stands on the page',
    run: async (world) => {
      const browser = known(world.found.browser);
      const page = await see(browser, '/rights/requests', 'Write to us');
      const noted = await browser.submit(page, '/rights/requests', { kind: 'objection', text: QUESTION });
      assertHeading(noted, 'We have your message');
      const asked = await answerOpen(world, 'objection', 'We have none, and shall make none.');
      assert.equal(asked.text, QUESTION);
      const rights = await see(browser, '/rights', 'Your rights');
      assert.match(rights.body, /We have none, and shall make none\./);
    },
  },
  {
    name: 'a restriction holds at once, and a named person ends it once it is answered',
    run: async (world) => {
      const browser = known(world.found.browser);
      const page = await see(browser, '/rights/restrict', 'Restrict the use');
      assertHeading(await browser.submit(page, '/rights/restrict'), 'Restricted from now on');
      assert.equal((await decide(world)).reason, 'restricted');
      const client = clientOf(world);
      const { contactId: id } = await answerOpen(world, 'restriction', 'It is settled.');
      const end = { params: { id }, body: { reason: 'settled', actor: ACTOR } };
      await client.call('POST /v1/contacts/{id}/unrestrict', end);
      assert.equal((await decide(world)).reason, 'allowed');
    },
  },
  {
    name: 'D4 the erasure is shown first, wants a tick, and ends the log-in',
    run: async ({ visitor, found }) => {
      const browser = known(found.browser);
      const session = known(browser.cookies.get(SESSION));
      const preview = await see(browser, '/rights/erase', 'Erase your data?');
      assert.match(preview.body, /This stays/);
      assert.equal((await browser.submit(preview, '/rights/erase')).status, 422);
      const done = await browser.submit(preview, '/rights/erase', { sure: 'on' });
      assertHeading(done, 'Your data is erased');
      assert.ok(!browser.cookies.has(SESSION));
      // T5: whoever kept the cookie opens nothing by it.
      for (const path of [
        '/profile',
        '/history',
        '/interests',
        '/rights',
        '/rights/export.json',
        '/sessions',
      ]) {
        assert.equal((await visitor.get(path, { cookie: pairOf(session) })).status, 401, path);
      }
      const choices = `${pathOf(known(found.choices))}?lang=en`;
      await see(browser, choices, 'We hold no data for this link any more');
    },
  },
  {
    name: 'D4 other systems are told so, and no table holds the address any more',
    run: async (world) => {
      const client = clientOf(world);
      const lookup = client.call('POST /v1/contacts/lookup', { body: { email: ADDRESS } });
      await assert.rejects(lookup, { name: 'ApiProblem', status: 404 });
      const source = { kind: 'import', id: 'list' } as const;
      const again = client.call('POST /v1/contacts', { body: { email: ADDRESS, source } });
      await assert.rejects(again, { name: 'ApiProblem', status: 409, code: 'erased' });
      assert.equal((await decide(world)).reason, 'erased');
      const stored = JSON.stringify(await Promise.all(TABLE_NAMES.map(itemsOf)));
      assert.ok(stored.includes(NEW_ADDRESS), 'the address of somebody else is there');
      assert.ok(!stored.includes(ADDRESS));
    },
  },
  {
    name: 'no function was denied what it asked for, even where it went on without',
    run: async ({ logsOf }) => {
      const denied = (await allLogs(logsOf)).filter((line) => line.includes('AccessDenied'));
      assert.deepEqual(denied, []);
    },
  },
  {
    name: 'T15 no function has logged an address, a link or a cookie',
    run: async ({ logsOf, found }) => {
      const lines = await allLogs(logsOf);
      assert.ok(
        lines.some((line) => line.includes('"level"')),
        'there are logs',
      );
      const links = [found.choices, found.unsubscribe, found.confirm].map((link) => pathOf(known(link)));
      for (const secret of [ADDRESS, NEW_ADDRESS, OTHER, '__Host-', ...links]) {
        assert.deepEqual(
          lines.filter((line) => line.includes(secret)),
          [],
        );
      }
    },
  },
];

async function allLogs(logsOf: World['logsOf']): Promise<string[]> {
  return (await Promise.all(Object.keys(FUNCTIONS).map(logsOf))).flat();
}

async function itemsOf(table: TableName): Promise<unknown[]> {
  const db = openDatabase();
  const pages = paginateScan({ client: db.client }, { TableName: db.name(table) });
  return (await Array.fromAsync(pages)).flatMap(({ Items = [] }) => Items);
}

/** Given no more than any system has: the address of the API and a key. */
function clientOf({ visitor, apiKey }: World) {
  return createClient({ baseUrl: visitor.origin, key: apiKey, fetch: visitor.fetch });
}

async function decide(world: World) {
  const asked = { contacts: [{ email: ADDRESS }], brand: BRAND, use: 'newsletter' };
  const [result] = (await clientOf(world).call('POST /v1/decisions', { body: asked })).data.results;
  assert.ok(result && 'allowed' in result, JSON.stringify(result));
  return result;
}

/** Answers what the person has asked for, as one of the staff does. */
async function answerOpen(world: World, kind: string, answer: string) {
  const client = clientOf(world);
  const { requests } = (await client.call('GET /v1/requests')).data;
  const asked = known(requests.find((each) => each.kind === kind));
  await client.call('POST /v1/requests/{id}/answer', {
    params: { id: asked.id },
    body: { actor: ACTOR, answer },
  });
  return asked;
}
