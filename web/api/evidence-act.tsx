import type { Act } from '../../shared/evidence/story.ts';
import type { Actor } from '../../shared/permission/evidence.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import type { Language } from '../../shared/settings/language.ts';
import { Facts, Moment } from '../components/printed.tsx';
import type { TopicName } from './evidence-about.ts';
import { evidenceTextsFor } from '../texts/evidence-texts.ts';
import type { EvidenceTexts } from '../texts/evidence-texts.ts';
import { formatDateTime } from '../texts/format.ts';

type EvidenceActProps = { act: Act; language: Language; topicName: TopicName };

/** One act: who did what when and where, in the very words, and how it is known (E1). */
export function EvidenceAct({ act, language, topicName }: EvidenceActProps) {
  const texts = evidenceTextsFor(language);
  const { entry, change, told, wording, grade } = act;
  const moment = (at: Instant | undefined) => at && <Moment at={at} language={language} />;
  return (
    <section>
      <h2>
        {entry.seq}. {texts.acts[entry.type]}, {formatDateTime(entry.at, language)}
      </h2>
      {wording !== undefined && (
        <blockquote lang={act.language} aria-label={texts.wording}>
          {wording}
        </blockquote>
      )}
      <Facts
        facts={[
          [texts.actor, actorText(entry.actor, texts)],
          [texts.route, texts.routes[entry.route]],
          [texts.address, told.address],
          [texts.topics, change?.topics?.map(topicName).join(', ')],
          [texts.received, moment(entry.receivedAt)],
          [texts.reason, entry.reason],
          [texts.notes, Object.values(told.notes ?? {}).join(' · ')],
          ...signupFacts(act, language),
          [entry.signup ? texts.confirmed : texts.time, moment(entry.at)],
          [texts.clickedFrom, [told.ip, told.userAgent].filter(Boolean).join(' · ')],
          [
            texts.grade,
            grade &&
              texts.gradeText(grade.grade, grade.missing.map((piece) => texts.pieces[piece]).join(', ')),
          ],
          [texts.hash, <code>{entry.hash}</code>],
        ]}
      />
      <SentMail act={act} texts={texts} />
    </section>
  );
}

function signupFacts({ entry: { signup, mail }, told, deliveredAt }: Act, language: Language) {
  if (!signup) return [];
  const texts = evidenceTextsFor(language);
  const moment = (at: Instant | undefined) => at && <Moment at={at} language={language} />;
  const { form, privacyNotice } = signup;
  return [
    [texts.form, `${form.id}, ${texts.version} ${form.version}`],
    [texts.page, told.page],
    [texts.shown, moment(signup.formShownAt)],
    [texts.signedUp, moment(signup.requestedAt)],
    [texts.clickedFrom, [told.signup?.ip, told.signup?.userAgent].filter(Boolean).join(' · ')],
    [texts.privacy, `${privacyNotice.url} (${texts.version} ${privacyNotice.version})`],
    [texts.mail, mail?.template],
    [texts.mailId, mail?.messageId && <code>{mail.messageId}</code>],
    [texts.mailSent, moment(mail?.sentAt)],
    [texts.delivered, moment(deliveredAt)],
    [texts.confirmShown, moment(signup.confirmPageShownAt)],
  ] as const;
}

function SentMail({ act: { language, mail }, texts }: { act: Act; texts: EvidenceTexts }) {
  if (!mail) return null;
  if (!mail.content) {
    return (
      <p>
        {texts.mailHash[mail.missing ?? 'inputs-gone']} <code>{mail.sha256}</code>
      </p>
    );
  }
  return (
    <>
      <p>{texts.mailText}:</p>
      <pre lang={language}>{`${mail.content.subject}\n\n${mail.content.text}`}</pre>
    </>
  );
}

function actorText(actor: Actor, texts: EvidenceTexts): string {
  const kind = texts.actors[actor.kind];
  switch (actor.kind) {
    case 'person':
      return kind;
    case 'system':
      return `${kind} (${actor.name})`;
    case 'staff':
      return `${kind} (${actor.id})`;
    case 'api':
      return `${kind} (${actor.key})`;
  }
}
