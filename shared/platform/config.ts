import * as z from 'zod';

import type { TableName } from './keys.ts';

const name = z.string().min(1);

/** The environment of every function; a function sees only the names its construct grants it. */
const environment = z.object({
  /** Public origin of all pages and links, without a trailing slash. */
  ASSENT_BASE_URL: z
    .url()
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  ASSENT_STAGE: name.default('local'),
  /** Folder of static files beside the bundle. */
  ASSENT_ASSETS: name.optional(),
  TABLE_CONTACTS: name.optional(),
  TABLE_LEDGER: name.optional(),
  TABLE_ENGAGEMENT: name.optional(),
  TABLE_OUTBOX: name.optional(),
  TABLE_CONFIG: name.optional(),
  /** SES configuration set for service mails (confirmation, welcome, receipts). */
  SES_CONFIGURATION_SET: name.optional(),
  /** Secrets this function may read, comma-separated: `pepper,link-keys,evidence-master`. */
  ASSENT_SECRETS: name.optional(),
  /** One machine: a 0600 JSON file that holds the secrets instead of SSM. */
  ASSENT_SECRETS_FILE: name.optional(),
  AWS_REGION: name.default('eu-central-1'),
  AWS_ENDPOINT_URL: name.optional(),
  AWS_ENDPOINT_URL_SSM: name.optional(),
  AWS_ENDPOINT_URL_KMS: name.optional(),
  AWS_ENDPOINT_URL_S3: name.optional(),
  AWS_ENDPOINT_URL_SQS: name.optional(),
  AWS_ENDPOINT_URL_LAMBDA: name.optional(),
  /** The KMS key that signs evidence; on one machine a 0600 file that holds it. */
  ASSENT_SIGNING_KEY: name.optional(),
  ASSENT_SIGNING_KEY_FILE: name.optional(),
  /** Where signed roots are kept out of our own reach: a bucket with Object Lock; on one machine a folder. */
  ASSENT_ROOTS_BUCKET: name.optional(),
  ASSENT_ROOTS_FOLDER: name.optional(),
});
type Environment = z.infer<typeof environment>;

let parsed: Environment | undefined;

function env(): Environment {
  return (parsed ??= environment.parse(process.env));
}

/** A setting that this function cannot work without. Throws with the variable's name where it is missing. */
export function required<K extends keyof Environment>(key: K): NonNullable<Environment[K]> {
  const value = env()[key];
  if (value === undefined) throw new Error(`environment variable ${key} is not set`);
  return value;
}

export function optional<K extends keyof Environment>(key: K): Environment[K] {
  return env()[key];
}

/** The deployed name of a table this function was granted. */
export function tableName(table: TableName): string {
  return required(`TABLE_${table.toUpperCase()}` as `TABLE_${Uppercase<TableName>}`);
}

/** What the AWS SDK and our own signed call need. */
export function awsCredentials(): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}
