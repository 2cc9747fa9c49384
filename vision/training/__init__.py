"""Train, export, prove parity, evaluate and write the card. The only home of torch."""
