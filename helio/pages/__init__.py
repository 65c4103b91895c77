"""What the pages of all apps share: who may open one, its parameters, its last move."""
