-- What a citizen wrote, some days after the answer; the case stays countable.
SELECT forget_objections(%(before)s)
