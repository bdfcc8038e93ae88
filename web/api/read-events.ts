import * as z from 'zod';

import type { EventRefusal, IncomingEvent } from '../../shared/engagement/incoming.ts';
import type { InputError } from '../../shared/platform/errors.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { pointerTo } from '../../shared/platform/json-pointer.ts';
import { MOST_EVENTS, cloudEvent, ownEvent } from './engagement-shapes.ts';
import { toErrors } from './problems.ts';

type Path = readonly (string | number)[];
/** An event before it is known which source it belongs to, and where in the document each of its fields stands. */
type Told = { event: Omit<IncomingEvent, 'source'>; source: string | undefined; place(path: Path): Path };
/** One event as it was posted: where it stands, what it calls itself, and what it says or why that is not clear. */
export type PostedEvent = { id: string | undefined; at: Path } & (Told | { errors: InputError[] });

/** `application/json`: one event, or many. */
export const eventsBody = z.union([
  ownEvent.transform((event) => [{ id: event.id, at: [], ...fromOwn(event) } satisfies PostedEvent]),
  z
    .strictObject({ events: many<z.input<typeof ownEvent>>().min(1) })
    .transform(({ events }) => events.map((event, at) => read(ownEvent, fromOwn, event, ['events', at]))),
]) satisfies z.ZodType<PostedEvent[]>;

/** The media types of CloudEvents in structured mode (W4). */
export const CLOUD_BODIES = {
  'application/cloudevents+json': cloudEvent.transform((event): PostedEvent[] => [
    { id: event.id, at: [], ...fromCloud(event) },
  ]),
  'application/cloudevents-batch+json': many<z.input<typeof cloudEvent>>().transform((events) =>
    events.map((event, at) => read(cloudEvent, fromCloud, event, [at])),
  ),
};

/** Typed for who writes them, and taken as they are: one that is wrong must not take the others with it. */
function many<T>() {
  return z.array(z.custom<T>().describe('Each as a single one.')).max(MOST_EVENTS);
}

const named = z.object({ id: z.string().max(1_000) });

function read<S extends z.ZodType>(
  schema: S,
  from: (event: z.output<S>) => Told,
  posted: unknown,
  at: Path,
): PostedEvent {
  const { id } = named.safeParse(posted).data ?? {};
  const parsed = schema.safeParse(posted);
  if (!parsed.success) return { id, at, errors: toErrors(parsed.error.issues, at) };
  return { id, at, ...from(parsed.data) };
}

function fromOwn({ source, ...event }: z.output<typeof ownEvent>): Told {
  return { event, source, place: (path) => path };
}

/**
 * The producer's `source` may be any text and may speak, and it tells apart what has one id: so both together are the
 * id, as a hash, and the registered source is the one that the query names.
 */
function fromCloud({ id, source, type, time, subject = '', data }: z.output<typeof cloudEvent>): Told {
  const { contact: told, ...more } = data;
  const contact = told ?? (subject.includes('@') ? { email: subject } : { id: subject });
  const places: Record<string, Path> = {
    type: ['type'],
    occurredAt: ['time'],
    source: ['source'],
    contact: told ? ['data', 'contact'] : ['subject'],
  };
  return {
    event: { ...more, id: sha256(JSON.stringify([source, id])), type, occurredAt: time, contact },
    source: undefined,
    place: ([field = '', ...rest]) => [...(places[field] ?? ['data', field]), ...rest],
  };
}

/** The event of the source that the caller names; or why there is none. */
export function ofSource(posted: PostedEvent, source: string | undefined): IncomingEvent | InputError[] {
  if ('errors' in posted) return posted.errors;
  const own = posted.source ?? source;
  if (own === undefined)
    return toInputErrors(posted, [
      { path: ['source'], detail: 'Name the source: ?source=', code: 'source-needed' },
    ]);
  if (source !== undefined && own !== source)
    return toInputErrors(posted, [
      { path: ['source'], detail: 'It is not the source of the query.', code: 'other-source' },
    ]);
  return { ...posted.event, source: own };
}

/** Refusals with the places that their fields have in what was posted. */
export function toInputErrors(posted: PostedEvent, refusals: readonly EventRefusal[]): InputError[] {
  if ('errors' in posted) return posted.errors;
  return refusals.map(({ path, detail, code }) => {
    const members = [...posted.at, ...posted.place(path)];
    return { pointer: pointerTo(...members.map(String)), detail, code };
  });
}
