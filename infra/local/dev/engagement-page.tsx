import type { EventChoices, SentEvent } from './deps.ts';
import { Page } from './page.tsx';

/** When it happened, in minutes before now; the last is older than we take. */
const WHEN: [string, string][] = [
  ['0', 'now'],
  ['60', 'an hour ago'],
  ['1440', 'yesterday'],
  ['10080', 'a week ago'],
  ['44640', '31 days ago'],
];

export type EngagementPageProps = {
  choices: EventChoices;
  /** The address that was given last. */
  email: string;
  sent?: SentEvent;
  wrong?: string;
};

/** Posts signed events as another system does, and shows what went out and what came back. */
export function EngagementPage({ choices, sent, wrong, email }: EngagementPageProps) {
  return (
    <Page title="Engagement">
      <p>
        <a href="/dev">Overview</a>
      </p>
      <h1>Send an event</h1>
      <section aria-labelledby="event">
        <h2 id="event">Event</h2>
        {wrong === undefined ? null : <p role="alert">{wrong}</p>}
        <form method="post" action="/dev/engagement" class="fields">
          <label>
            Address of the contact
            <input name="email" type="email" value={email} required />
          </label>
          <label>
            Type
            <select name="type">
              {choices.types.map(({ id, name }) => (
                <option value={id}>
                  {name.en} ({id})
                </option>
              ))}
            </select>
          </label>
          <label>
            When
            <select name="minutesAgo">
              {WHEN.map(([value, label]) => (
                <option value={value}>{label}</option>
              ))}
            </select>
          </label>
          <label>
            About
            <input name="asset" placeholder="catalogue" />
          </label>
          <fieldset>
            <legend>Topics</legend>
            {choices.topics.map(({ id, name }) => (
              <label>
                <input type="checkbox" name="topics" value={id} /> {name.en}
              </label>
            ))}
          </fieldset>
          <button>Sign and send</button>
        </form>
      </section>
      {sent ? <Sent sent={sent} /> : null}
    </Page>
  );
}

function Sent({ sent }: { sent: SentEvent }) {
  const lines = Object.entries(sent.headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <section aria-labelledby="sent">
      <h2 id="sent">Answer: {sent.status}</h2>
      <pre>{sent.answer}</pre>
      <h2>Sent</h2>
      <pre>{[`POST ${sent.path}`, ...lines, '', sent.body].join('\n')}</pre>
    </section>
  );
}
