import { EVENT_MONTHS } from '../../shared/engagement/write-event.ts';
import type { ExportWords } from '../../shared/export/read-export.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { Policy } from '../../shared/settings/policy.ts';
import { scoreWords } from './score-words.ts';

/** What an export says in words: how long what is kept and why, and what a person can ask for (art. 15 GDPR). */
export function exportWords(language: Language, { retention }: Pick<Policy, 'retention'>): ExportWords {
  const { idleContactMonths, promotionMonths, proofYears, phoneProofYears } = retention;
  const score = scoreWords(language);
  const de = {
    score,
    retention: [
      {
        what: 'Ihre Angaben und Einstellungen',
        from: 'letzte eigene Handlung, ohne Einwilligung oder Geschäft',
        keep: `${idleContactMonths} Monate`,
        basis: 'Art. 5 Abs. 1 lit. e DSGVO',
      },
      {
        what: 'Nachrichten an Sie',
        from: 'Versand',
        keep: `${promotionMonths} Monate`,
        basis: 'Art. 5 Abs. 1 lit. e DSGVO',
      },
      {
        what: 'Was Sie getan haben: geöffnet, angeklickt, heruntergeladen, besucht',
        from: 'Ereignis',
        keep: `${EVENT_MONTHS} Monate; Messungen nur, solange Sie sie erlauben`,
        basis: 'Art. 5 Abs. 1 lit. e, Art. 6 Abs. 1 lit. a DSGVO',
      },
      {
        what: 'Ihr Interessenprofil',
        from: 'Ihre Einwilligung',
        keep: 'solange Sie es erlauben',
        basis: 'Art. 6 Abs. 1 lit. a DSGVO',
      },
      {
        what: 'Nachweis Ihrer Einwilligungen',
        from: 'Ende der Einwilligung',
        keep: `${proofYears} Jahre bis zum Jahresende; am Telefon ${phoneProofYears} Jahre ab der letzten Nutzung`,
        basis: '§§ 195, 199 BGB, § 7a UWG',
      },
      {
        what: 'Ihre Anliegen und unsere Antworten',
        from: 'Antwort',
        keep: `${proofYears} Jahre bis zum Jahresende`,
        basis: 'Art. 5 Abs. 2, Art. 12 Abs. 3 DSGVO, §§ 195, 199 BGB',
      },
    ],
    rights:
      'Sie können Ihre Daten sehen, berichtigen, mitnehmen, einschränken und löschen lassen, der Nutzung widersprechen, jede Einwilligung widerrufen und sich bei einer Aufsichtsbehörde beschweren.',
  };
  const en = {
    score,
    retention: [
      {
        what: 'Your details and choices',
        from: 'your last own act, without consent or business',
        keep: `${idleContactMonths} months`,
        basis: 'GDPR art. 5(1)(e)',
      },
      {
        what: 'Messages to you',
        from: 'sending',
        keep: `${promotionMonths} months`,
        basis: 'GDPR art. 5(1)(e)',
      },
      {
        what: 'What you did: opened, clicked, downloaded, visited',
        from: 'event',
        keep: `${EVENT_MONTHS} months; what was measured only while you allow it`,
        basis: 'GDPR art. 5(1)(e), 6(1)(a)',
      },
      {
        what: 'Your profile of interests',
        from: 'your consent',
        keep: 'while you allow it',
        basis: 'GDPR art. 6(1)(a)',
      },
      {
        what: 'Proof of your consents',
        from: 'end of the consent',
        keep: `${proofYears} years to the end of the year; for calls ${phoneProofYears} years from the last use`,
        basis: 'Sections 195, 199 BGB, section 7a UWG',
      },
      {
        what: 'Your matters and our answers',
        from: 'answer',
        keep: `${proofYears} years to the end of the year`,
        basis: 'GDPR art. 5(2), 12(3), sections 195, 199 BGB',
      },
    ],
    rights:
      'You can see, correct, take along, restrict and erase your data, object to its use, withdraw every consent and complain to a supervisory authority.',
  };
  return { de, en }[language];
}
