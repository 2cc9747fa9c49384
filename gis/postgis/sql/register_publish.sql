-- A person publishes or withdraws a version; a trigger asks whether it is complete.
INSERT INTO register_publication (
    record_id, version, kind, decided_by, actor_kind, reason, is_simulated, shown_as, event_id
)
VALUES (
    %(record_id)s, %(version)s, %(kind)s, %(decided_by)s, %(actor_kind)s, %(reason)s,
    %(is_simulated)s, %(shown_as)s, %(event_id)s
)
RETURNING publication_id
