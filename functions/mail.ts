import type { DynamoDBStreamEvent } from 'aws-lambda';

import { sendDue } from '../shared/outbox/send-due.ts';
import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openSes } from '../shared/platform/ses.ts';
import { consumeStream } from '../shared/platform/stream.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { mailTemplates } from '../web/mail/mail-templates.ts';

const db = openDatabase();
const deps = {
  db,
  settings: openSettings(db),
  secrets: openSecrets(),
  send: openSes(),
  templates: mailTemplates,
  baseUrl: required('ASSENT_BASE_URL'),
  configurationSet: required('SES_CONFIGURATION_SET'),
};

export const handler = (event: DynamoDBStreamEvent) =>
  consumeStream(event, ({ after }) => sendDue(deps, after));
