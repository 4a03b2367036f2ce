"""Counters and timings for operators, without personal data."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("podium_requests_total", "Answered requests", ["method", "route", "status"])
SECONDS = Histogram("podium_request_seconds", "Time to answer a request", ["route"])
JOB_STEPS = Counter("podium_job_steps_total", "Pieces of work done by jobs", ["job", "outcome"])
