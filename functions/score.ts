import type { DynamoDBStreamEvent } from 'aws-lambda';

import { consumeGroups } from '../shared/platform/stream.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { concernsScore, keepScores, scoreOwner } from '../shared/scoring/keep-scores.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const deps = { db, settings: openSettings(db) };

export const handler = (event: DynamoDBStreamEvent) =>
  consumeGroups(event, { groupOf: scoreOwner, concerns: concernsScore }, (key) => keepScores(deps, key));
