"""What a person is told: mode families merged and ranked, when to leave, what is broken. Pure, like all the core."""
