"""Documents leave the house by mail: each exactly once, and where that is in doubt, the doubt is shown.

`outbox` keeps one state per message on disk, `carrier` speaks SMTP, `delivering` moves a message through its states.
"""
