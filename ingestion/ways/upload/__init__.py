"""Files that a person uploads in the page; the worker lands them."""
