"""What a function takes to start: memory, time and package size, estimated from its source."""
