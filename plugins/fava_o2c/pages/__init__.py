"""The pages: each says which tables it has (`tables`) and of which parts it is made (`parts`)."""
