"""A network whose truth is known: people who live, ask, are guided, and what came of it. docs/simulation.md."""
