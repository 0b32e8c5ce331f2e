"""The furnished demonstration: invented towns, people and cases, a mailbox that shows what was sent, a date to move."""
