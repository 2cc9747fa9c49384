"""The audit log: tree, formats, verifier, sequencer, witness."""
