"""Guideline, cards and audit events: what the auditor reads."""
