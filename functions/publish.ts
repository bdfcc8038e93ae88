import type { DynamoDBStreamEvent } from 'aws-lambda';

import { publishEntry } from '../shared/outbox/publish-entry.ts';
import { evidenceEntry } from '../shared/permission/evidence.ts';
import { consumeStream } from '../shared/platform/stream.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const settings = openSettings(db);

export const handler = (event: DynamoDBStreamEvent) =>
  consumeStream(event, ({ after }) => publishEntry({ db, settings }, evidenceEntry.parse(after)));
