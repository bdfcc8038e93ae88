import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

import { now } from '../shared/platform/clock.ts';
import { SECRET_NAMES, parameterName } from '../shared/platform/secrets.ts';
import type { SecretName } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import type { Database } from '../shared/platform/table.ts';
import { demoBrand } from '../shared/settings/demo.ts';
import { seedDemo } from '../shared/settings/seed.ts';
import { readSetting, saveSetting } from '../shared/settings/store.ts';
import { deployedTableName } from './constructs/table-name.ts';

/** Run once after the first deployment: secrets that CloudFormation cannot make, and first settings. */
const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'dev' },
    region: { type: 'string', default: 'eu-central-1' },
    /** Address the demo company sends from; it must belong to the deployed identity. */
    sender: { type: 'string' },
  },
});
process.env.AWS_REGION = values.region;
process.env.TABLE_CONFIG = deployedTableName(values.stage, 'config');

await createSecrets(values.stage);
const db = openDatabase();
console.log(`settings: ${await seedDemo(db)} documents written`);
if (values.sender) await setSender(db, values.sender);

/** What exists stays: a new pepper or evidence master would cut the system off from its own records. */
async function createSecrets(stage: string): Promise<void> {
  const ssm = new SSMClient({});
  for (const secret of SECRET_NAMES) {
    const Name = parameterName(stage, secret);
    try {
      await ssm.send(new PutParameterCommand({ Name, Type: 'SecureString', Value: newSecret(secret) }));
      console.log(`${Name}: created`);
    } catch (error) {
      if (!(error instanceof ParameterAlreadyExists)) throw error;
      console.log(`${Name}: kept`);
    }
  }
}

function newSecret(secret: SecretName): string {
  const key = randomBytes(32).toString('base64url');
  return secret === 'link-keys' ? JSON.stringify({ current: 'k1', keys: { k1: key } }) : key;
}

async function setSender(database: Database, address: string): Promise<void> {
  const found = await readSetting(database, 'brand', demoBrand.id);
  if (!found || found.document.sender.address === address) return;
  const document = { ...found.document, sender: { ...found.document.sender, address, replyTo: address } };
  await saveSetting(database, 'brand', demoBrand.id, document, {
    expected: found.version,
    actor: 'bootstrap',
    at: now(),
  });
  console.log(`settings: ${demoBrand.name} now sends as ${address}`);
}
