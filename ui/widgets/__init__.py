"""The parts the screens are made of. They show values and emit what a person did; they call no service."""
