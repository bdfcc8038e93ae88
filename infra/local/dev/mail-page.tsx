import type { Mail } from '../mailbox.ts';
import { linksOf } from './mail-links.ts';
import { Action, Page } from './page.tsx';

/** Characters of a link. */
const SHOWN = 60;

/** One mail with all that SES was given. */
export function MailPage({ mail, number }: { mail: Mail; number: number }) {
  const facts = {
    From: mail.from,
    To: mail.to,
    'Reply-To': mail.replyTo ?? '–',
    At: mail.at,
    'Message id': mail.messageId,
    'Configuration set': mail.configurationSet || '–',
  };
  return (
    <Page title={mail.subject}>
      <p>
        <a href="/dev">Overview</a>
      </p>
      <h1>{mail.subject}</h1>
      <Facts title="Envelope" facts={facts} />
      <div class="actions">
        <Action to="/dev/bounce" values={{ messageId: mail.messageId }} label="Bounce" />
        <Action to="/dev/complain" values={{ messageId: mail.messageId }} label="Complain" />
        <Action to="/dev/open" values={{ messageId: mail.messageId }} label="Open" />
        <Action to="/dev/scan" values={{ messageId: mail.messageId }} label="Scan" />
      </div>
      <ClickForm mail={mail} />
      <section aria-labelledby="html">
        <h2 id="html">HTML</h2>
        <iframe
          src={`/dev/mail/${number}/html`}
          title="HTML part of the mail"
          sandbox="allow-top-navigation-by-user-activation"
        />
      </section>
      <section aria-labelledby="text">
        <h2 id="text">Text</h2>
        <pre>{mail.text}</pre>
      </section>
      <Facts title="Headers" facts={mail.headers} />
      <Facts title="Tags" facts={mail.tags} />
    </Page>
  );
}

/** Follows one of the links, as SES would report it. */
function ClickForm({ mail }: { mail: Mail }) {
  const links = linksOf(mail.html);
  if (links.length === 0) return null;
  return (
    <section aria-labelledby="click">
      <h2 id="click">Click</h2>
      <form method="post" action="/dev/click" class="fields">
        <input type="hidden" name="messageId" value={mail.messageId} />
        <label>
          Link
          <select name="link">
            {links.map(({ href, tags }) => (
              <option value={href}>
                {href.length > SHOWN ? `${href.slice(0, SHOWN)}…` : href}
                {tags['trap'] ? ' (hidden from people)' : ''}
              </option>
            ))}
          </select>
        </label>
        <button>Click</button>
      </form>
    </section>
  );
}

function Facts({ title, facts }: { title: string; facts: Record<string, string> }) {
  const id = title.toLowerCase();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <dl>
        {Object.entries(facts).map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
