"""The audit log as pure values: Merkle tree, tiles, proofs, signed notes, checkpoints."""
