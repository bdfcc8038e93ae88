import type { Contact } from '../../../shared/contacts/contact.ts';
import type { HistoryItem } from '../../../shared/evidence/history.ts';
import type { Change, EvidenceEntry } from '../../../shared/permission/evidence.ts';
import type { Instant } from '../../../shared/platform/clock.ts';
import type { Language } from '../../../shared/settings/language.ts';
import type { Policy } from '../../../shared/settings/policy.ts';
import { topicName, useName } from '../../../shared/settings/uses.ts';
import type { Uses } from '../../../shared/settings/uses.ts';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDate, formatDateTime } from '../../texts/format.ts';
import { historyTextsFor } from '../../texts/history-texts.ts';

/** An act with the very words that were declared in it, by use. */
export type WordedItem = HistoryItem & { wordings: Record<string, string> };

export type HistoryPageProps = {
  frame: ProfileFrame;
  contact: Contact;
  uses: Uses;
  policy: Pick<Policy, 'recipients'>;
  items: readonly WordedItem[];
  /** Where the next page begins; undefined on the last. */
  before: Instant | undefined;
  /** Not the first page. */
  later: boolean;
};

/** What a person was sent and why, what they declared, and who has their data (D1). */
export function HistoryPage({ frame, contact, uses, policy, items, before, later }: HistoryPageProps) {
  const { language } = frame.context;
  const texts = historyTextsFor(language);
  return (
    <ProfilePage frame={frame} title={texts.title}>
      <p class="lead">{texts.lead}</p>
      <p>
        <a href={`/interests?lang=${language}`}>{texts.toInterests}</a>
      </p>
      {items.length === 0 && <p>{texts.empty}</p>}
      <ol class="items">
        {items.map((item) => (
          <li>
            <p class="quiet">
              <time datetime={item.at}>{formatDateTime(item.at, language)}</time>
            </p>
            {item.kind === 'message' ? (
              <Message item={item} uses={uses} language={language} />
            ) : (
              <ActItem entry={item.entry} wordings={item.wordings} uses={uses} language={language} />
            )}
          </li>
        ))}
      </ol>
      {(later || before !== undefined) && (
        <nav aria-label={texts.older}>
          {later && <a href={`/history?lang=${language}`}>{texts.newest}</a>}
          {before !== undefined && (
            <a href={`/history?before=${encodeURIComponent(before)}&lang=${language}`}>{texts.older}</a>
          )}
        </nav>
      )}
      <section class="aside" aria-labelledby="recipients-title">
        <h2 id="recipients-title">{texts.recipients}</h2>
        <ul class="wordings">
          <li>{texts.mailService}</li>
          {Object.keys(contact.externalIds ?? {}).map((system) => (
            <li>{texts.system(system)}</li>
          ))}
          {policy.recipients.map(({ name, purpose }) => (
            <li>
              {name}: {purpose[language]}
            </li>
          ))}
        </ul>
        <h2>{texts.source}</h2>
        <p>
          {texts.sources[contact.source.kind]}, {formatDate(contact.createdAt, language)}
        </p>
      </section>
    </ProfilePage>
  );
}

type About = { uses: Uses; language: Language };

function Message({
  item: { message, why },
  uses,
  language,
}: About & { item: Extract<HistoryItem, { kind: 'message' }> }) {
  const texts = historyTextsFor(language);
  const since = why.kind === 'consent' ? formatDate(why.since, language) : '';
  return (
    <>
      <strong>
        {texts.message[message.channel]}: {useName(uses, message.use, language)}
      </strong>
      {message.topics.length > 0 && <p>{texts.topics(topicNames(message.topics, { uses, language }))}</p>}
      <p>{texts.why[why.kind](since)}</p>
    </>
  );
}

function ActItem({
  entry,
  wordings,
  ...about
}: About & { entry: EvidenceEntry; wordings: Record<string, string> }) {
  const { language } = about;
  const texts = historyTextsFor(language);
  const title = actTitle(entry, language);
  return (
    <>
      <strong>{title}</strong>
      {entry.noAdvertising && <p>{texts.noAdvertising}</p>}
      {entry.changes.map((change) => (
        <ChangeText change={change} wording={wordings[change.use]} {...about} />
      ))}
      <Wishes entry={entry} language={language} />
      {(entry.actor.kind === 'staff' || entry.actor.kind === 'api') && <p class="quiet">{texts.byUs}</p>}
      {entry.actor.kind === 'system' && <p class="quiet">{texts.bySystem}</p>}
      {hasReceipt(entry) && (
        <p>
          <a
            href={`/history/receipt/${entry.seq}?lang=${language}`}
            aria-label={texts.receiptOf(title, formatDateTime(entry.at, language))}
          >
            {texts.receipt}
          </a>
        </p>
      )}
    </>
  );
}

function ChangeText({ change, wording, ...about }: About & { change: Change; wording: string | undefined }) {
  const texts = historyTextsFor(about.language);
  const { topics = [], topicsJoined = [], topicsLeft = [] } = change;
  const changed = topicsJoined.length + topicsLeft.length > 0;
  return (
    <>
      <p>{useName(about.uses, change.use, about.language)}</p>
      {topicsJoined.length > 0 && <p>{texts.joined(topicNames(topicsJoined, about))}</p>}
      {topicsLeft.length > 0 && <p>{texts.left(topicNames(topicsLeft, about))}</p>}
      {!changed && topics.length > 0 && <p>{texts.topics(topicNames(topics, about))}</p>}
      {change.to === 'granted' && wording !== undefined && <p class="quiet">{wording}</p>}
    </>
  );
}

function Wishes({ entry: { choices }, language }: { entry: EvidenceEntry; language: Language }) {
  if (!choices) return null;
  const texts = historyTextsFor(language);
  const { wish, pausedUntil, language: spoken } = choices;
  return (
    <>
      {wish && <p>{texts.wish[wish.to ?? 'none']}</p>}
      {pausedUntil && (
        <p>
          {pausedUntil.to === undefined
            ? texts.pauseEnded
            : texts.paused(formatDate(pausedUntil.to, language))}
        </p>
      )}
      {spoken && <p>{texts.language}</p>}
    </>
  );
}

/** What an act was, to the person it concerns. */
export function actTitle({ type, undoes, route }: EvidenceEntry, language: Language): string {
  const texts = historyTextsFor(language);
  if (type === 'granted' && undoes !== undefined) return texts.restored;
  if (type === 'withdrawn' && route === 'complaint') return texts.complained;
  return type === 'delivery' ? '' : texts.acts[type];
}

/** What a person declared can be put on paper for their files; what others noted is only told. */
export function hasReceipt({ type }: EvidenceEntry): boolean {
  return ['granted', 'withdrawn', 'choices', 'address', 'restricted'].includes(type);
}

export function topicNames(topics: readonly string[], { uses, language }: About): string {
  return topics.map((topic) => topicName(uses, topic, language)).join(', ');
}
