import { HOUR } from '../../../shared/platform/clock.ts';
import type { Instant } from '../../../shared/platform/clock.ts';
import type { Limits } from '../../../shared/settings/limits.ts';
import type { MailSummary } from '../mailbox.ts';
import type { SesSwitches } from '../ses-switches.ts';
import type { FormLink, OutboxState } from './deps.ts';
import { LimitsSection } from './limits-section.tsx';
import { OutboxSection } from './outbox-section.tsx';
import { Action, Page } from './page.tsx';
import { SampleSection } from './sample-section.tsx';

const SHOWN = 50;

type Props = {
  forms: readonly FormLink[];
  mails: readonly MailSummary[];
  outbox: OutboxState;
  limits: Limits;
  switches: SesSwitches;
  now: Instant;
  offsetMs: number;
};

/** Everything about the local system on one page. */
export function Overview({ forms, mails, outbox, limits, switches, now, offsetMs }: Props) {
  return (
    <Page title="Overview">
      <h1>assent on this machine</h1>
      <section aria-labelledby="forms">
        <h2 id="forms">Forms</h2>
        <ul>
          {forms.map(({ id, title }) => (
            <li>
              <a href={`/forms/${id}?lang=de`}>{title.de}</a> (<a href={`/forms/${id}?lang=en`}>{title.en}</a>
              )
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="engagement">
        <h2 id="engagement">Engagement</h2>
        <a href="/dev/engagement">Send events as another system does</a>
      </section>
      <MailSection mails={mails} />
      <SampleSection />
      <section aria-labelledby="clock">
        <h2 id="clock">Clock</h2>
        <p>
          It is <time datetime={now}>{now}</time>
          {offsetMs === 0 ? '.' : `, ${Math.round(offsetMs / HOUR)} h ahead of real time.`}
        </p>
        <div class="actions">
          <Action to="/dev/clock" values={{ advance: 'PT1H' }} label="Advance 1 hour" />
          <Action to="/dev/clock" values={{ advance: 'P1D' }} label="Advance 1 day" />
          <Action to="/dev/clock" values={{ advance: 'PT72H' }} label="Advance 72 hours" />
        </div>
      </section>
      <section aria-labelledby="ses">
        <h2 id="ses">SES</h2>
        <p>Now: {describe(switches)}.</p>
        <div class="actions">
          <Action to="/dev/ses" label="Works" />
          <Action to="/dev/ses" values={{ delayMs: '1000' }} label="Slow (1 s)" />
          <Action to="/dev/ses" values={{ fail: 'throttle' }} label="Throttles" />
          <Action to="/dev/ses" values={{ fail: 'reject' }} label="Rejects" />
          <Action to="/dev/ses" values={{ fail: 'lost-answer' }} label="Loses its answers" />
          <Action to="/dev/ses" values={{ fail: 'down' }} label="Is down" />
          <Action to="/dev/ses" values={{ lose: 'next' }} label="Loses the next bounce or complaint" />
        </div>
      </section>
      <OutboxSection outbox={outbox} />
      <LimitsSection limits={limits} />
    </Page>
  );
}

function MailSection({ mails }: { mails: readonly MailSummary[] }) {
  const shown = mails.slice(-SHOWN).reverse();
  return (
    <section aria-labelledby="mailbox">
      <h2 id="mailbox">Mailbox</h2>
      {shown.length === 0 ? <p>No mail yet. Fill in a form above.</p> : null}
      <ol class="mails" reversed>
        {shown.map(({ number, to, subject, at }) => (
          <li value={number}>
            <a href={`/dev/mail/${number}`}>{subject}</a>
            <span>
              {to}, <time datetime={at}>{at}</time>
            </span>
          </li>
        ))}
      </ol>
      {mails.length > shown.length ? <p>{mails.length - shown.length} older mails are not shown.</p> : null}
      <div class="actions">
        <a href="/dev">Look again</a>
        {mails.length > 0 ? <Action to="/dev/mail/clear" label="Empty the mailbox" /> : null}
      </div>
    </section>
  );
}

function describe({ delayMs, fail, lose }: SesSwitches): string {
  return [
    ...(fail ? [`fails (${fail})`] : ['works']),
    ...(lose ? ['the next bounce or complaint is lost; a day later the night finds it'] : []),
    ...(delayMs ? [`each answer takes ${delayMs} ms`] : []),
  ].join(', ');
}
