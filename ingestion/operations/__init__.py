"""Operations' pages: how fresh each source is, what arrived, what is held, what it led to."""
