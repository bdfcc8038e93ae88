import assert from 'node:assert/strict';

import * as z from 'zod';

import { verifyPack } from '../../shared/evidence/verify-pack.ts';
import { contactAnswer, savedAnswer } from '../../web/api/contact-shapes.ts';
import { decided } from '../../web/api/decision-shapes.ts';
import { actAnswer } from '../../web/api/permission-shapes.ts';
import type { Answer } from './visitor.ts';
import { until } from './steps.ts';
import type { Step, World } from './steps.ts';

const ADDRESS = 'otto.einkauf@kunde.example';
const BRAND = 'nordlicht';
const ACTOR = 'm.meier';

/** The API from outside, each part of it by the function that has the rights for it. */
export const API_STEPS: readonly Step[] = [
  {
    name: 'W9 without a key the API answers 401, its description is public',
    run: async ({ visitor }) => {
      assert.equal((await visitor.get('/v1/contacts')).status, 401);
      const document = await visitor.get('/v1/openapi.json');
      assert.equal(document.status, 200);
      assert.match(document.body, /"openapi": ?"3\.1/);
      assert.equal((await visitor.get('/v1/docs')).status, 200);
    },
  },
  {
    name: 'G10 a contact from the CRM becomes known, once',
    run: async (world) => {
      const body = {
        email: ADDRESS,
        externalId: { system: 'crm', id: 'K-1' },
        source: { kind: 'crm', id: 'emulator' },
        fields: { company: 'Kunde AG', phone: '+494311234567' },
        country: 'DE',
      };
      const { contact } = savedAnswer.parse(read(await call(world, 'POST', '/v1/contacts', body), 201));
      world.found.contactId = contact.id;
      const again = savedAnswer.parse(read(await call(world, 'POST', '/v1/contacts', body), 200));
      assert.equal(again.contact.id, contact.id);
    },
  },
  {
    name: 'G1 it may not get the newsletter, and is told why',
    run: async (world) => {
      const answer = await decide(world, 'newsletter');
      assert.equal(answer.allowed, false);
      assert.ok(answer.reasons.includes('not-granted'));
    },
  },
  {
    name: 'G1 presumed interest is recorded, and serves no call centre under this model',
    run: async (world) => {
      await act(world, 'consents', {
        brand: BRAND,
        use: 'field-sales',
        kind: 'presumed-interest',
        matter: 'Umrichter für eine Förderanlage',
        act: 'asked for a quotation at the fair',
        source: 'SPS 2026, stand 7-210',
        actor: ACTOR,
      });
      assert.deepEqual((await decide(world, 'call-centre')).allowed, false);
    },
  },
  {
    name: 'a block names its uses, and ends',
    run: async (world) => {
      const uses = { brand: BRAND, reason: 'in negotiations', actor: ACTOR };
      await act(world, 'block', uses);
      assert.equal((await decide(world, 'newsletter')).reason, 'blocked');
      await act(world, 'unblock', uses);
      assert.notEqual((await decide(world, 'newsletter')).reason, 'blocked');
    },
  },
  {
    name: 'D6 a withdrawal by letter has the force of a click',
    run: async (world) => {
      const { contact } = contactAnswer.parse(
        read(await call(world, 'GET', `/v1/contacts/${idOf(world)}`), 200),
      );
      await act(world, 'withdraw', {
        uses: 'all',
        route: 'letter',
        receivedAt: contact.updatedAt,
        actor: ACTOR,
      });
      assert.equal((await decide(world, 'newsletter')).reason, 'withdrawn');
    },
  },
  {
    name: 'H8 its evidence pack verifies',
    run: async (world) => {
      const pack = read(await call(world, 'GET', `/v1/contacts/${idOf(world)}/evidence`), 200);
      const failed = verifyPack(pack).filter(({ verdict }) => verdict === 'fail');
      assert.deepEqual(failed, []);
    },
  },
  {
    name: 'H3 H5 the nightly run signs with KMS and keeps the root under Object Lock',
    run: async ({ run, logsOf }) => {
      await run('nightly');
      const lines = await logsOf('nightly');
      assert.ok(lines.some((line) => line.includes('root-signed')));
      assert.ok(!lines.some((line) => line.includes('"level":"error"')), lines.join('\n'));
    },
  },
  {
    name: 'H4 the public keys are published',
    run: async ({ visitor }) => {
      const keys = await visitor.get('/.well-known/jwks.json');
      assert.equal(keys.status, 200, keys.body.slice(0, 300));
    },
  },
  {
    name: 'an audience is found by the jobs function, a minute later',
    run: async (world) => {
      const job = z.object({ id: z.string(), state: z.string(), counts: z.array(z.unknown()) });
      const { id } = job.parse(
        read(await call(world, 'POST', '/v1/audiences', { brand: BRAND, use: 'newsletter' }), 202),
      );
      const done = await until(
        'the end of the job',
        async () => {
          const found = job.parse(read(await call(world, 'GET', `/v1/jobs/${id}`), 200));
          return found.state === 'done' ? found : undefined;
        },
        90,
      );
      assert.notDeepEqual(done.counts, []);
    },
  },
  {
    name: 'settings are read with their version, previewed, and changed',
    run: async (world) => {
      const path = `/v1/settings/brand/${BRAND}`;
      const answer = await call(world, 'GET', path);
      const { document } = z.object({ document: z.json() }).parse(read(answer, 200));
      const etag = String(answer.headers.etag);
      assert.match(etag, /^"\d+"$/);
      const preview = await call(world, 'POST', `${path}/preview`, { document });
      const { id } = z.object({ id: z.string() }).parse(read(preview, 202));
      const ended = await call(world, 'DELETE', `/v1/jobs/${id}`);
      assert.equal(ended.status, 204, ended.body.slice(0, 400));
      const change = { document, actor: { kind: 'staff', id: ACTOR } };
      read(await call(world, 'PUT', path, change, { 'if-match': etag }), 200);
    },
  },
  {
    name: 'D4 an erasure leaves a tombstone that refuses the next import',
    run: async (world) => {
      const erased = await call(world, 'POST', `/v1/contacts/${idOf(world)}/erase`, {
        actor: ACTOR,
        reason: 'asked by letter',
        requestedBy: 'person',
      });
      assert.ok(erased.status < 300, erased.body.slice(0, 400));
      const again = await call(world, 'POST', '/v1/contacts', {
        email: ADDRESS,
        source: { kind: 'import', id: 'list' },
      });
      const problem = z.object({ code: z.string() }).parse(read(again, 409));
      assert.equal(problem.code, 'erased');
    },
  },
];

async function call(
  { visitor, apiKey }: World,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return visitor.json(method, path, body, { authorization: `Bearer ${apiKey}`, ...headers });
}

async function act(world: World, verb: string, body: object): Promise<void> {
  const answer = await call(world, 'POST', `/v1/contacts/${idOf(world)}/${verb}`, body);
  assert.equal(actAnswer.parse(read(answer, answer.status === 201 ? 201 : 200)).changed, true);
}

async function decide(world: World, use: string) {
  const asked = { contacts: [{ id: idOf(world) }], brand: BRAND, use };
  const answer = read(await call(world, 'POST', '/v1/decisions', asked), 200);
  const [result] = z.object({ results: z.array(decided) }).parse(answer).results;
  assert.ok(result);
  return result;
}

function read(answer: Answer, status: number): unknown {
  assert.equal(answer.status, status, answer.body.slice(0, 400));
  return JSON.parse(answer.body);
}

function idOf({ found }: World): string {
  assert.ok(found.contactId, 'an earlier step did not get that far');
  return found.contactId;
}
