"""Starts MiniStack 1.5.33 with the AWS behaviour that it lacks and this system depends on.

Each function below replaces one piece of MiniStack's insides, which is why the version is pinned. What
`streams_retry_like_lambda` and `ses_tells_what_happened` prove is our model of AWS, not AWS.

Environment: GATEWAY_PORT, MINISTACK_HOST (a name), AUTH=true (execution roles are enforced), SENT_MAIL (a file that
gets every accepted SendEmail request as one JSON line, with headers, tags and configuration set).
"""

import email.utils
import json
import os
import re
import sys
import time

os.environ.setdefault("BIND_HOST", "127.0.0.1")
os.environ.setdefault("LAMBDA_EXECUTOR", "local")

from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway, dynamodb, lambda_svc, s3
from ministack.services.cloudformation import provisioners

from emulator_mail import is_send, ses_tells_what_happened

RESOURCES = provisioners._RESOURCE_HANDLERS
STREAM_RETRY_SECONDS = 0.1


def after_creation(resource_type, complete):
    """Lets `complete(physical_id, attributes, properties)` finish what MiniStack creates from a template."""
    create = RESOURCES[resource_type]["create"]

    def create_and_complete(logical_id, properties, stack):
        physical_id, attributes = create(logical_id, properties, stack)
        complete(physical_id, attributes, properties)
        return physical_id, attributes

    RESOURCES[resource_type]["create"] = create_and_complete


def is_true(value):
    return str(value).lower() == "true"


# --- Tables: MiniStack drops time to live and point-in-time recovery of a template -------------------------------


def tables_keep_ttl_and_recovery():
    def complete(name, _attributes, properties):
        ttl = properties.get("TimeToLiveSpecification") or {}
        if ttl.get("AttributeName"):
            status = "ENABLED" if is_true(ttl.get("Enabled")) else "DISABLED"
            dynamodb._ttl_settings[name] = {"TimeToLiveStatus": status, "AttributeName": ttl["AttributeName"]}
        # A global table says it per replica.
        for source in [properties, *(properties.get("Replicas") or [])]:
            recovery = source.get("PointInTimeRecoverySpecification") or {}
            if is_true(recovery.get("PointInTimeRecoveryEnabled")):
                dynamodb._pitr_settings[name] = True

    for resource_type in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        after_creation(resource_type, complete)


# --- Buckets: MiniStack drops Object Lock of a template ----------------------------------------------------------


def buckets_keep_object_lock():
    def complete(name, _attributes, properties):
        if is_true(properties.get("ObjectLockEnabled")):
            rule = (properties.get("ObjectLockConfiguration") or {}).get("Rule") or {}
            s3._bucket_object_lock[name] = {"enabled": True, "default_retention": rule.get("DefaultRetention")}

    after_creation("AWS::S3::Bucket", complete)


# --- Sender: MiniStack gives a domain no DKIM tokens -------------------------------------------------------------


def domains_have_dkim_tokens():
    def complete(_name, attributes, _properties):
        for at in (1, 2, 3):
            attributes.setdefault(f"DkimDNSTokenName{at}", f"token{at}._domainkey")
            attributes.setdefault(f"DkimDNSTokenValue{at}", f"token{at}.dkim.amazonses.com")

    after_creation("AWS::SES::EmailIdentity", complete)


# --- HTTP API: its origin is https on AWS, and the cookies of a log-in depend on that ------------------------------


def endpoints_are_https():
    apigateway._api_endpoint_scheme = lambda protocol: "https"


# --- Streams: bisecting, partial batch failures, retry limit, failure queue --------------------------------------


def failed_items(result):
    """Sequence numbers a function reported as failed; None where its answer is not understood: all failed."""
    body = result.get("body")
    try:
        answer = json.loads(body) if isinstance(body, (str, bytes)) else body
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return []
    return [failure.get("itemIdentifier") for failure in answer.get("batchItemFailures") or []]


def deliver(mapping, function, stream_arn, records, attempt=0):
    """One batch as Lambda delivers it: move to the lowest failed record, then bisect, retry, give up."""
    limit = mapping.get("MaximumRetryAttempts")
    limit = 10 if limit is None or limit < 0 else limit
    while records:
        result = lambda_svc._execute_function(function, {"Records": records})
        if result.get("error"):
            print(f"stream consumer failed: {result.get('body')}", file=sys.stderr, flush=True)
        else:
            if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
                return
            failed = failed_items(result)
            if failed == []:
                return
            sequence = [record["dynamodb"]["SequenceNumber"] for record in records]
            first = min((sequence.index(item) for item in failed or [] if item in sequence), default=0)
            if first > 0:
                records, attempt = records[first:], 0
                continue
        if len(records) > 1 and mapping.get("BisectBatchOnFunctionError"):
            middle = len(records) // 2
            deliver(mapping, function, stream_arn, records[:middle])
            deliver(mapping, function, stream_arn, records[middle:])
            return
        if attempt >= limit:
            lambda_svc._send_ddb_stream_failure_record(
                mapping, function, records, stream_arn, result, "RetryAttemptsExhausted"
            )
            return
        attempt += 1
        time.sleep(STREAM_RETRY_SECONDS)


def poll_mapping(mapping):
    """Delivers the next batch of one mapping; true where there was one."""
    stream_arn = mapping.get("EventSourceArn", "")
    if ":dynamodb:" not in stream_arn or not mapping.get("Enabled", True):
        return False
    name = stream_arn.split("/")[1]
    table = dynamodb._tables.get(name)
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None or not table or table.get("LatestStreamArn") != stream_arn:
        return False
    positions, oldest = lambda_svc._dynamodb_stream_positions, dynamodb.stream_start_position(name)
    if mapping["UUID"] not in positions:
        from_start = mapping.get("StartingPosition") == "TRIM_HORIZON"
        positions[mapping["UUID"]] = oldest if from_start else dynamodb.stream_end_position(name)
    at = max(positions[mapping["UUID"]], oldest)
    records = dynamodb.stream_records_since(name, at, mapping.get("BatchSize", 100))
    if not records:
        return False
    deliver(mapping, function, stream_arn, lambda_svc._apply_filter_criteria(records, mapping))
    positions[mapping["UUID"]] = at + len(records)
    return True


def streams_retry_like_lambda():
    def poll():
        delivered = False
        for account, region, mapping in lambda_svc._iter_all_esms():
            tokens = lambda_svc._request_account_id.set(account), lambda_svc._request_region.set(region)
            try:
                delivered = poll_mapping(mapping) or delivered
            finally:
                lambda_svc._request_account_id.reset(tokens[0])
                lambda_svc._request_region.reset(tokens[1])
        return delivered

    lambda_svc._poll_dynamodb_streams = poll


# --- Permissions (AUTH=true) -------------------------------------------------------------------------------------


def loopback_counts_as_tls():
    """Policies that enforce TLS refuse plain http, which the loopback is; on AWS every call is https."""
    resolve = iam_evaluator._resolve_condition_key
    iam_evaluator._resolve_condition_key = (
        lambda key, context: "true" if key.lower() == "aws:securetransport" else resolve(key, context)
    )


def mail_is_authorised_on_its_sender():
    """SES checks SendEmail against the sending identity; MiniStack asks for `*`, which no honest grant gives."""
    resource_of = iam_actions._ses_v2_resource_arn

    def resource(method, path, body, region, account):
        if not is_send(method, path):
            return resource_of(method, path, body, region, account)
        sender = email.utils.parseaddr(json.loads(body or b"{}").get("FromEmailAddress", ""))[1]
        return f"arn:aws:ses:{region}:{account}:identity/{sender.split('@')[-1]}"

    iam_actions._ses_v2_resource_arn = resource


def each_parameter_is_authorised():
    """SSM checks GetParameters against every parameter named; MiniStack asks for `*`."""
    arn_of, enforce = iam_actions.extract_resource_arn, iam_evaluator.enforce

    def extract_resource_arn(service, method, path, headers, body, query, region, account):
        if headers.get("x-amz-target") != "AmazonSSM.GetParameters":
            return arn_of(service, method, path, headers, body, query, region, account)
        names = json.loads(body or b"{}").get("Names") or []
        return " ".join(f"arn:aws:ssm:{region}:{account}:parameter/{name.lstrip('/')}" for name in names)

    def enforce_each(access_key, action, service, region, resource_arn="*", service_context=None):
        for arn in resource_arn.split(" ") if action == "ssm:GetParameters" else [resource_arn]:
            denied = enforce(access_key, action, service, region, arn, service_context)
            if denied:
                return denied
        return None

    iam_actions.extract_resource_arn, iam_evaluator.enforce = extract_resource_arn, enforce_each


def partition_of(call):
    """Of the item that is read or written, or the one that a query names first."""
    queried = re.match(r"\s*#?\w+ = (:\w+)", call.get("KeyConditionExpression", ""))
    if queried:
        return call["ExpressionAttributeValues"][queried[1]].get("S")
    return (call.get("Item") or call.get("Key") or {}).get("pk", {}).get("S")


def partitions_are_authorised():
    """DynamoDB holds the partition of every item against dynamodb:LeadingKeys; MiniStack knows no such key."""
    context_of, enforce = iam_actions.dynamodb_service_context, iam_evaluator.enforce
    actions = iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS

    def context(body):
        request = json.loads(body or b"{}")
        items = [(actions[kind], call) for item in request.get("TransactItems") or [] for kind, call in item.items()]
        calls = items or [(None, request)]
        touched = [(action, call.get("TableName", ""), partition_of(call)) for action, call in calls]
        return {**context_of(body), "touched": touched}

    # Each item of a transaction is authorised by itself: what is allowed in one table says nothing about another.
    def enforce_each(access_key, action, service, region, resource_arn="*", service_context=None):
        known = dict(service_context or {})
        keys = [
            {"dynamodb:LeadingKeys": [key]}
            for done, table, key in known.pop("touched", [])
            if key is not None and done in (None, action) and (done is None or resource_arn.endswith(f"/{table}"))
        ]
        for key in keys or [{}]:
            denied = enforce(access_key, action, service, region, resource_arn, {**known, **key})
            if denied:
                return denied
        return None

    iam_actions.dynamodb_service_context, iam_evaluator.enforce = context, enforce_each


for patch in (
    tables_keep_ttl_and_recovery,
    buckets_keep_object_lock,
    domains_have_dkim_tokens,
    endpoints_are_https,
    streams_retry_like_lambda,
    ses_tells_what_happened,
    loopback_counts_as_tls,
    mail_is_authorised_on_its_sender,
    each_parameter_is_authorised,
    partitions_are_authorised,
):
    patch()

from ministack.app import main

sys.exit(main())
