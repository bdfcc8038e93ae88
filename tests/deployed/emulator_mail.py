"""What SES tells after a mail: configuration sets publish to SNS, simulator addresses bounce and complain.

The payloads are our model of the documented ones; MiniStack stores event destinations and never publishes to them.
"""

import email.utils
import json
import os
import time
import uuid

from ministack.core.responses import get_account_id, get_region
from ministack.services import ses_v2, sns


def instant():
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())


def mail_object(request, message_id):
    """The `mail` part that all SES events share."""
    content = (request.get("Content") or {}).get("Simple") or {}
    sender, recipients = request.get("FromEmailAddress", ""), request["Destination"].get("ToAddresses") or []
    domain = email.utils.parseaddr(sender)[1].split("@")[-1]
    tags = {tag["Name"]: [tag["Value"]] for tag in request.get("EmailTags") or []}
    return {
        "timestamp": instant(),
        "source": sender,
        "sourceArn": f"arn:aws:ses:{get_region()}:{get_account_id()}:identity/{domain}",
        "sendingAccountId": get_account_id(),
        "messageId": message_id,
        "destination": recipients,
        "headersTruncated": False,
        "headers": [{"name": one["Name"], "value": one["Value"]} for one in content.get("Headers") or []],
        "commonHeaders": {"from": [sender], "to": recipients, "messageId": message_id},
        "tags": {"ses:configuration-set": [request["ConfigurationSetName"]], **tags},
    }


def what_happens(recipient):
    """Event types and details that follow a mail to this address."""
    mailbox, _, domain = email.utils.parseaddr(recipient)[1].partition("@")
    simulated = mailbox.split("+")[0] if domain == "simulator.amazonses.com" else ""
    yield "Send", {"send": {}}
    if simulated == "bounce":
        bounced = {"emailAddress": recipient, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1"}
        yield "Bounce", {
            "bounce": {
                "feedbackId": str(uuid.uuid4()),
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [bounced],
                "timestamp": instant(),
                "reportingMTA": "dns; a.example",
            }
        }
        return
    yield "Delivery", {
        "delivery": {
            "timestamp": instant(),
            "processingTimeMillis": 1,
            "recipients": [recipient],
            "smtpResponse": "250 ok",
            "reportingMTA": "a.example",
        }
    }
    if simulated == "complaint":
        yield "Complaint", {
            "complaint": {
                "feedbackId": str(uuid.uuid4()),
                "complainedRecipients": [{"emailAddress": recipient}],
                "timestamp": instant(),
                "complaintFeedbackType": "abuse",
            }
        }


def publish_events(request, message_id):
    configuration_set = ses_v2._config_sets.get(request.get("ConfigurationSetName") or "") or {}
    destinations = (configuration_set.get("EventDestinations") or {}).values()
    for recipient in request["Destination"].get("ToAddresses") or []:
        for kind, details in what_happens(recipient):
            message = json.dumps({"eventType": kind, "mail": mail_object(request, message_id), **details})
            for destination in destinations:
                wanted = [one.upper() for one in destination["MatchingEventTypes"]]
                if destination.get("Enabled") and kind.upper() in wanted and destination.get("SnsDestination"):
                    topic = destination["SnsDestination"]["TopicArn"]
                    sns.publish_internal(topic, message, "Amazon SES Email Event Notification")


def ses_tells_what_happened():
    answer = ses_v2.handle_request

    async def handle_request(method, path, headers, body, query):
        response = await answer(method, path, headers, body, query)
        if is_send(method, path) and response[0] < 300:
            request = json.loads(body)
            if os.environ.get("SENT_MAIL"):
                with open(os.environ["SENT_MAIL"], "a", encoding="utf-8") as sent:
                    sent.write(json.dumps(request) + "\n")
            publish_events(request, json.loads(response[2])["MessageId"])
        return response

    ses_v2.handle_request = handle_request


def is_send(method, path):
    return method == "POST" and path.rstrip("/").endswith("/outbound-emails")
