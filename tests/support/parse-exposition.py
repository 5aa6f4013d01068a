"""Reads Prometheus text from standard input with Prometheus's own client library, and prints what it says as JSON.

The library gives every counter the `_total` of OpenMetrics; Prometheus itself keeps the name as it is spelled.
"""
import json
import sys

from prometheus_client.parser import text_string_to_metric_families

TEXT = sys.stdin.read()
SPELLED = {line.split()[2] for line in TEXT.splitlines() if line.startswith("# TYPE ")}


def name_of(sample, family):
    is_spelled_without = family.type == "counter" and family.name in SPELLED
    return sample.name.removesuffix("_total") if is_spelled_without else sample.name


print(
    json.dumps(
        [
            {
                "name": family.name,
                "type": family.type,
                "help": family.documentation,
                "samples": [{"name": name_of(s, family), "labels": s.labels, "value": str(s.value)} for s in family.samples],
            }
            for family in text_string_to_metric_families(TEXT)
        ]
    )
)
