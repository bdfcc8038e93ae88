import { Duration } from 'aws-cdk-lib';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import type { FunctionName } from '../functions.ts';
import { addAlarm } from './alarm.ts';

type EventAlarm = {
  function: FunctionName;
  event: string;
  with?: string;
  /** It is the want of the event that rings, for so many hours: in steps of six, at most a week. */
  missingHours?: number;
  seen: string;
  errorImpact: string;
};

/** CloudWatch looks at no more than a day at once where a period is shorter than an hour. */
const STEP = Duration.hours(6);

/** Log events that somebody must hear of although the function itself went on. */
export const EVENT_ALARMS: readonly EventAlarm[] = [
  {
    function: 'mail',
    event: 'form-under-attack',
    seen: 'A form is flooded with sign-ups; its confirmation mails are being spread over time.',
    errorImpact: 'Honest visitors of that form get their confirmation mail late.',
  },
  {
    function: 'mail',
    event: 'mail-given-up',
    seen: 'A service mail could not be sent and will not be tried again.',
    errorImpact: 'Somebody waits in vain for a confirmation mail or a receipt.',
  },
  {
    function: 'mail',
    event: 'mail-not-sent',
    with: '$.failure = "stop"',
    seen: 'SES has paused sending or no longer accepts the sender.',
    errorImpact: 'No mail leaves at all until this is solved with SES.',
  },
  {
    function: 'ses-events',
    event: 'mail-refused-by-ses',
    seen: 'SES refused a mail it had accepted before.',
    errorImpact: 'Somebody waits in vain for a mail; its content may be at fault.',
  },
  {
    function: 'ses-events',
    event: 'bounce-needs-attention',
    seen: 'A mailbox provider refused a mail for its content, for our authentication, or for an unknown reason.',
    errorImpact: 'More mails may be refused: check SPF, DKIM, DMARC and the mail.',
  },
  {
    function: 'ses-events',
    event: 'sending-stopped',
    seen: 'Mail of one use of a brand bounced or was complained about too often; it was stopped. See GET /v1/sending-guard.',
    errorImpact:
      'Nothing is sent to that use until a named person releases it. Gmail tells SES of no complaints: look at Google Postmaster Tools as well.',
  },
  {
    function: 'clock',
    event: 'wake-failed',
    seen: 'Something that is due could not be woken.',
    errorImpact: 'Retries, expiry and deletion of personal data are late.',
  },
  {
    function: 'nightly',
    event: 'root-signed',
    missingHours: 30,
    seen: 'No root over the evidence has been signed for 30 hours: nightly failed, was late, or did not run.',
    errorImpact: 'What was agreed to since is secured by nothing but our own tables.',
  },
  {
    function: 'nightly',
    event: 'evidence-broken',
    seen: 'Evidence of a contact was changed, removed or replaced behind our back.',
    errorImpact:
      'Consents of that contact can no longer be proven; somebody may have had their hands in the table.',
  },
  {
    function: 'clock',
    event: 'request-due',
    seen: 'Somebody asked us for something and has had no answer for three weeks.',
    errorImpact: 'The law gives us a month to answer (GDPR art. 12); after it the person can complain.',
  },
  {
    function: 'clock',
    event: 'contact-not-informed',
    seen: 'Somebody whose data we got from others has not been told for 25 days.',
    errorImpact: 'The notice of GDPR art. 14 is due within a month; after it we hold the data unlawfully.',
  },
];

/** Counts the log events of `name` that stand in EVENT_ALARMS, and rings at the first, or where there is none. */
export function addEventAlarms(
  scope: Construct,
  name: FunctionName,
  { logs, stage, alarms }: { logs: LogGroup; stage: string; alarms: ITopic },
): void {
  for (const alarm of EVENT_ALARMS.filter((one) => one.function === name)) {
    const condition = alarm.with ? ` && ${alarm.with}` : '';
    const filter = new MetricFilter(scope, `${alarm.event}-filter`, {
      logGroup: logs,
      filterPattern: FilterPattern.literal(`{ $.event = "${alarm.event}"${condition} }`),
      metricNamespace: `assent/${stage}`,
      metricName: alarm.event,
    });
    addAlarm(scope, alarm.event, alarms, {
      seen: alarm.seen,
      errorImpact: alarm.errorImpact,
      threshold: 1,
      ...(alarm.missingHours === undefined
        ? { metric: filter.metric({ period: Duration.minutes(5), statistic: 'Sum' }) }
        : {
            metric: filter.metric({ period: STEP, statistic: 'Sum' }),
            below: true,
            evaluationPeriods: alarm.missingHours / STEP.toHours(),
          }),
    });
  }
}
